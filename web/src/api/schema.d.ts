// Written by `npm run gen` from docs/openapi.json. Do not edit.
export interface paths {
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ServiceController_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ServiceController_providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/zoo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ServiceController_zoo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProjectsController_list"];
        put?: never;
        post: operations["ProjectsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProjectsController_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/urls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ProjectsController_listUrls"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/categories/{category}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ProjectsController_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/texts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["TextsController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/texts/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["TextsController_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_listOfProject"];
        put?: never;
        post: operations["RunsController_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_follow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RunsController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RunsController_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_listImages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images/{imageId}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_trials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_predictions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RunsController_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PicturesController_facets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PicturesController_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/without": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PicturesController_without"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images/{imageId}/story": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PicturesController_story"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images/{sha256}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PicturesController_thumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/estimate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["EstimatesController_estimate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/retry-failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["CollectController_retryFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/attribution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["CollectController_attribution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/images/{imageId}/measures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["InspectController_measures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{runId}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ReviewController_review"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ReviewController_list"];
        put?: never;
        post: operations["ReviewController_decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/decisions/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["ReviewController_forget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["VersionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["VersionsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{version}/pictures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["VersionsController_pictures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{version}/diff/{other}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["VersionsController_diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{version}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["VersionsController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ModelsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ModelsController_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}/package/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ModelsController_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}/predict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ModelsController_predict"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ModelsController_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/promote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RegistryController_promote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RegistryController_rollBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["RegistryController_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["MonitoringController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["MonitoringController_prometheus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}/monitoring": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["MonitoringController_view"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["MonitoringController_predictions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SchedulesController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SchedulesController_view"];
        put: operations["SchedulesController_save"];
        post?: never;
        delete: operations["SchedulesController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/retrain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["SchedulesController_retrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/retrainings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SchedulesController_retrainings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/retrainings/{retrainingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SchedulesController_retraining"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/models/{model}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["FeedbackController_give"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects/{projectId}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["FeedbackController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feedback/{feedbackId}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["FeedbackController_picture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feedback/{feedbackId}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["FeedbackController_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/feedback/{feedbackId}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["FeedbackController_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SessionController_view"];
        put?: never;
        post: operations["SessionController_open"];
        delete: operations["SessionController_close"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AccessController_list"];
        put?: never;
        post: operations["AccessController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["AccessController_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AccessController_auditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ProblemDto: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description Stable machine-readable name, such as too-few-categories */
            code: string;
            /** @description What to do about it */
            fix: string | null;
            requestId: string;
        };
        HealthDto: {
            /** @enum {string} */
            status: "ok";
            version: string;
            instanceId: string;
            /** @description null for whoever has no key where keys are demanded */
            dataDir: string | null;
            /** @enum {string} */
            database: "pglite" | "postgresql";
        };
        ProviderDto: {
            id: string;
            title: string;
            homepage: string;
            terms: string;
            needs: string[];
            enabledByDefault: boolean;
            offline: boolean;
        };
        BackboneDto: {
            id: string;
            title: string;
            family: string;
            licence: string;
            origin: string;
            pretrainedOn: string;
            /**
             * @description hub: searched only when installed or named
             * @enum {string}
             */
            source: "embedded" | "local" | "mirror" | "hub";
            /** @description Exact, or for weights of a hub as its page rounds it */
            bytes: number | null;
            /** @enum {string} */
            modality: "image" | "text";
            /** @description Width x height of the input; for texts the most tokens that are read */
            input: string;
            /** @description For what is learnt from the texts of a run: always */
            installed: boolean;
            /** @description Truncation depths found, once installed */
            taps: number | null;
        };
        CreateProjectDto: {
            /** @description Default: the categories, joined */
            name?: string;
            /** @description At least two different names */
            categories: string[];
            /**
             * @description What is told apart: pictures or texts
             * @default image
             * @enum {string}
             */
            modality: "image" | "text";
        };
        ProjectDto: {
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @default image
             * @enum {string}
             */
            modality: "image" | "text";
            categories: {
                /** Format: uuid */
                id: string;
                name: string;
                /** @description Own pictures */
                uploads: number;
                /**
                 * @description Listed addresses
                 * @default 0
                 */
                urls: number;
            }[];
            /** Format: date-time */
            createdAt: string;
        };
        ListUrlsDto: {
            rows: {
                category: string;
                url: string;
                /** @description Where the row stands in its file, for the report of bad rows */
                line?: number;
                page?: string | null;
                creator?: string | null;
                licence?: string | null;
                licenceUrl?: string | null;
            }[];
        };
        ListedUrlsDto: {
            accepted: number;
            rejected: {
                line: number;
                url: string;
                reason: string;
                detail: string;
            }[];
        };
        UploadResultDto: {
            accepted: number;
            rejected: {
                file: string;
                reason: string;
                detail: string;
            }[];
        };
        AddTextsDto: {
            /** @default [] */
            labelled: {
                /** @description One of the categories of the project */
                label: string;
                text: string;
                /** @description Where it stands in its file, for reports */
                place?: string;
            }[];
            /**
             * @description Texts that word vectors may be learnt from
             * @default []
             */
            unlabelled: string[];
        };
        AddedTextsDto: {
            labelled: number;
            unlabelled: number;
            rejected: {
                place: string;
                reason: string;
                detail: string;
            }[];
        };
        ReadTextsDto: {
            labelled: {
                /** @description One of the categories of the project */
                label: string;
                text: string;
                /** @description Where it stands in its file, for reports */
                place?: string;
            }[];
            unlabelled: string[];
            /** @description Lines that hold no text or no label, and why */
            leftOut: string[];
        };
        StartRunDto: {
            /**
             * @description What is told apart; a run takes it from its project
             * @default image
             * @enum {string}
             */
            modality: "image" | "text";
            /**
             * @description Image-search providers; empty means own pictures only, or every default provider when there are none
             * @default []
             */
            providers: string[];
            /**
             * @description Kept pictures to aim at in each category
             * @default 60
             */
            imagesPerCategory: number;
            /**
             * @description What the licence of a found picture must allow; others are dropped as `unlicensed`, before download
             * @default any
             * @enum {string}
             */
            licence: "any" | "known" | "commercial" | "modification" | "public-domain";
            /**
             * @description Other words for a category, searched when its name alone gives too little: {"cat": ["feline"]}
             * @default {}
             */
            synonyms: {
                [key: string]: string[];
            };
            /**
             * @description More queries for a category, in other languages for example: {"cat": ["Katze"]}
             * @default {}
             */
            queries: {
                [key: string]: string[];
            };
            /**
             * @description Also search plurals and context words when a category would stay short of its target
             * @default true
             */
            morePhrasings: boolean;
            /**
             * @description Which pictures are asked whether they are unsafe: those that providers find on the web, all, or none. Own pictures (uploads, a folder, a zip, listed addresses) are asked with `all` only
             * @default crawled
             * @enum {string}
             */
            safety: "off" | "crawled" | "all";
            /**
             * @description Limits a picture has to keep to; those left out are the measured defaults
             * @default {}
             */
            inspect: {
                /**
                 * @description Largest encoded size
                 * @default 67108864
                 */
                maxBytes: number;
                /**
                 * @description Largest width x height, judged from the header
                 * @default 64000000
                 */
                maxPixels: number;
                /**
                 * @description Smallest shorter side
                 * @default 32
                 */
                minSidePixels: number;
                /**
                 * @description Largest longer side / shorter side
                 * @default 4
                 */
                maxAspect: number;
                /**
                 * @description Smallest standard deviation of the grey levels; below it a picture is `blank`
                 * @default 3
                 */
                minDeviation: number;
                /**
                 * @description Smallest variance of the Laplacian; below it a picture is `blurred`
                 * @default 12
                 */
                minSharpness: number;
                /**
                 * @description `too-dark`: a mean grey level under this, and a deviation under the next
                 * @default 12
                 */
                minBrightness: number;
                /**
                 * @description See minBrightness
                 * @default 12
                 */
                minDarkDeviation: number;
                /**
                 * @description `too-bright`: a mean grey level over this, and a deviation under the next
                 * @default 248
                 */
                maxBrightness: number;
                /**
                 * @description See maxBrightness
                 * @default 4
                 */
                minBrightDeviation: number;
                /**
                 * @description Largest share of a crawled picture that lines of text cover; from it on it is `mostly-text`. 1 for categories that are made of text
                 * @default 0.18
                 */
                maxTextShare: number;
                /**
                 * @description Largest agreement of a crawled picture with an overlay that repeats over the pictures of its site, 0..1; from it on it is dropped as `watermark`. More than 1 keeps all
                 * @default 0.5
                 */
                maxOverlay: number;
                /**
                 * @description Largest probability of pornography, drawn or photographed, that the safety networks agree on; from it on a picture is `unsafe`
                 * @default 0.7
                 */
                maxUnsafe: number;
            };
            /**
             * @description Pictures that do not look like their category: drop the surest and queue the others for a person, queue all, or do not look. Own pictures are only ever queued
             * @default drop
             * @enum {string}
             */
            curate: "off" | "queue" | "drop";
            /**
             * @description Every random choice of the run comes from it
             * @default 1
             */
            seed: number;
            /**
             * @description Time the model search may take, the stages features and trials together; null means until it is done
             * @default null
             */
            budgetMs: number | null;
            /**
             * @description Trials at most, the ranking of each truncation depth counted as one; null: no limit
             * @default null
             */
            maxTrials: number | null;
            /**
             * @description Backbones that all pictures go through; of more, the better halves on growing samples of the pictures are kept until so many are left. Fewer when the time limit would not hold
             * @default 5
             */
            maxBackbones: number;
            /**
             * @description Whether the two, three and five surest backbones are also tried as one network, in one file, as slow and large as all of them. null: those that want the same picture, and taken only where that clearly pays; true: also those of different sizes, for which the pass of all pictures takes up to twice as long, and taken where it is surer at all; false: none
             * @default null
             */
            ensemble: boolean | null;
            /**
             * @description Whether pictures are also seen mirrored and by their centre, to learn from and, as the mean over all of these, to predict by: the pass of all pictures takes three times as long; not where time is limited
             * @default false
             */
            augment: boolean;
            /**
             * @description Milliseconds a picture the winner may take from prepared pixels on, measured on the machine of the search; null: any
             * @default null
             */
            maxLatencyMs: number | null;
            /**
             * @description Size the packaged file of the winner may have, in megabytes of 1,000,000 bytes; null: any
             * @default null
             */
            maxSizeMb: number | null;
            /**
             * @description Backbones to search; empty means the whole zoo
             * @default []
             */
            backbones: string[];
        };
        RunDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            projectId: string;
            /** @enum {string} */
            state: "queued" | "running" | "succeeded" | "failed" | "cancelled";
            /** @enum {string} */
            stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
            settings: {
                /**
                 * @description What is told apart; a run takes it from its project
                 * @default image
                 * @enum {string}
                 */
                modality: "image" | "text";
                /**
                 * @description Image-search providers; empty means own pictures only, or every default provider when there are none
                 * @default []
                 */
                providers: string[];
                /**
                 * @description Kept pictures to aim at in each category
                 * @default 60
                 */
                imagesPerCategory: number;
                /**
                 * @description What the licence of a found picture must allow; others are dropped as `unlicensed`, before download
                 * @default any
                 * @enum {string}
                 */
                licence: "any" | "known" | "commercial" | "modification" | "public-domain";
                /**
                 * @description Other words for a category, searched when its name alone gives too little: {"cat": ["feline"]}
                 * @default {}
                 */
                synonyms: {
                    [key: string]: string[];
                };
                /**
                 * @description More queries for a category, in other languages for example: {"cat": ["Katze"]}
                 * @default {}
                 */
                queries: {
                    [key: string]: string[];
                };
                /**
                 * @description Also search plurals and context words when a category would stay short of its target
                 * @default true
                 */
                morePhrasings: boolean;
                /**
                 * @description Which pictures are asked whether they are unsafe: those that providers find on the web, all, or none. Own pictures (uploads, a folder, a zip, listed addresses) are asked with `all` only
                 * @default crawled
                 * @enum {string}
                 */
                safety: "off" | "crawled" | "all";
                /**
                 * @description Limits a picture has to keep to; those left out are the measured defaults
                 * @default {}
                 */
                inspect: {
                    /**
                     * @description Largest encoded size
                     * @default 67108864
                     */
                    maxBytes: number;
                    /**
                     * @description Largest width x height, judged from the header
                     * @default 64000000
                     */
                    maxPixels: number;
                    /**
                     * @description Smallest shorter side
                     * @default 32
                     */
                    minSidePixels: number;
                    /**
                     * @description Largest longer side / shorter side
                     * @default 4
                     */
                    maxAspect: number;
                    /**
                     * @description Smallest standard deviation of the grey levels; below it a picture is `blank`
                     * @default 3
                     */
                    minDeviation: number;
                    /**
                     * @description Smallest variance of the Laplacian; below it a picture is `blurred`
                     * @default 12
                     */
                    minSharpness: number;
                    /**
                     * @description `too-dark`: a mean grey level under this, and a deviation under the next
                     * @default 12
                     */
                    minBrightness: number;
                    /**
                     * @description See minBrightness
                     * @default 12
                     */
                    minDarkDeviation: number;
                    /**
                     * @description `too-bright`: a mean grey level over this, and a deviation under the next
                     * @default 248
                     */
                    maxBrightness: number;
                    /**
                     * @description See maxBrightness
                     * @default 4
                     */
                    minBrightDeviation: number;
                    /**
                     * @description Largest share of a crawled picture that lines of text cover; from it on it is `mostly-text`. 1 for categories that are made of text
                     * @default 0.18
                     */
                    maxTextShare: number;
                    /**
                     * @description Largest agreement of a crawled picture with an overlay that repeats over the pictures of its site, 0..1; from it on it is dropped as `watermark`. More than 1 keeps all
                     * @default 0.5
                     */
                    maxOverlay: number;
                    /**
                     * @description Largest probability of pornography, drawn or photographed, that the safety networks agree on; from it on a picture is `unsafe`
                     * @default 0.7
                     */
                    maxUnsafe: number;
                };
                /**
                 * @description Pictures that do not look like their category: drop the surest and queue the others for a person, queue all, or do not look. Own pictures are only ever queued
                 * @default drop
                 * @enum {string}
                 */
                curate: "off" | "queue" | "drop";
                /**
                 * @description Every random choice of the run comes from it
                 * @default 1
                 */
                seed: number;
                /**
                 * @description Time the model search may take, the stages features and trials together; null means until it is done
                 * @default null
                 */
                budgetMs: number | null;
                /**
                 * @description Trials at most, the ranking of each truncation depth counted as one; null: no limit
                 * @default null
                 */
                maxTrials: number | null;
                /**
                 * @description Backbones that all pictures go through; of more, the better halves on growing samples of the pictures are kept until so many are left. Fewer when the time limit would not hold
                 * @default 5
                 */
                maxBackbones: number;
                /**
                 * @description Whether the two, three and five surest backbones are also tried as one network, in one file, as slow and large as all of them. null: those that want the same picture, and taken only where that clearly pays; true: also those of different sizes, for which the pass of all pictures takes up to twice as long, and taken where it is surer at all; false: none
                 * @default null
                 */
                ensemble: boolean | null;
                /**
                 * @description Whether pictures are also seen mirrored and by their centre, to learn from and, as the mean over all of these, to predict by: the pass of all pictures takes three times as long; not where time is limited
                 * @default false
                 */
                augment: boolean;
                /**
                 * @description Milliseconds a picture the winner may take from prepared pixels on, measured on the machine of the search; null: any
                 * @default null
                 */
                maxLatencyMs: number | null;
                /**
                 * @description Size the packaged file of the winner may have, in megabytes of 1,000,000 bytes; null: any
                 * @default null
                 */
                maxSizeMb: number | null;
                /**
                 * @description Backbones to search; empty means the whole zoo
                 * @default []
                 */
                backbones: string[];
            };
            error: {
                code: string;
                message: string;
                /** @description What to do about it */
                fix: string | null;
                /** @enum {string|null} */
                stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package" | null;
            } | null;
            counts: {
                candidates: number;
                fetched: number;
                kept: number;
                /** @description Pictures dropped, by reason */
                dropped: {
                    [key: string]: number;
                };
            };
            /**
             * @description What was searched for each category, and why it stopped
             * @default []
             */
            search: {
                category: string;
                /** @description Kept pictures aimed at */
                wanted: number;
                /** @description Kept pictures that were found; own pictures are not counted */
                kept: number;
                /**
                 * @description enough: as many are kept as were wanted; exhausted: no provider has more; failed: every provider failed; limit: the rounds are over; null: it goes on
                 * @enum {string|null}
                 */
                stoppedBecause: "enough" | "exhausted" | "failed" | "limit" | null;
                providers: {
                    provider: string;
                    queries: {
                        query: string;
                        found: number;
                        kept: number;
                    }[];
                    found: number;
                    kept: number;
                    /** @enum {string} */
                    state: "searching" | "stopped" | "exhausted" | "failed";
                    /** @description Why it failed, and what to try */
                    reason: string | null;
                }[];
            }[];
            stages: {
                /** @enum {string} */
                stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
                /** @enum {string} */
                state: "pending" | "running" | "done" | "failed";
                done: number;
                total: number;
                note: string | null;
                elapsedMs: number;
            }[];
            /** Format: uuid */
            modelId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            finishedAt: string | null;
        };
        ImagePageDto: {
            total: number;
            offset: number;
            items: {
                /** Format: uuid */
                id: string;
                category: string;
                /** @enum {string} */
                state: "pending" | "kept" | "dropped";
                /**
                 * @description The last stage that has judged the picture
                 * @enum {string}
                 */
                stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
                reason: string | null;
                detail: string | null;
                provider: string;
                query: string;
                rank: number;
                imageUrl: string;
                pageUrl: string | null;
                title: string | null;
                creator: string | null;
                licence: string | null;
                licenceUrl: string | null;
                sha256: string | null;
                width: number | null;
                height: number | null;
                /** @enum {string|null} */
                part: "train" | "validation" | "test" | null;
                /** Format: uuid */
                duplicateOf: string | null;
                /**
                 * @description Key of its duplicate group, which may have no other member
                 * @default null
                 */
                group: string | null;
                /**
                 * @description Why it does not look like its category; a doubted picture may be kept all the same
                 * @default null
                 * @enum {string|null}
                 */
                doubt: "outlier" | "likely-mislabelled" | null;
                /**
                 * @description How sure the doubt is, 0..1
                 * @default null
                 */
                suspicion: number | null;
                /**
                 * @description What it looks most like
                 * @default null
                 */
                suggestedCategory: string | null;
                /**
                 * @description What a person decided about the picture, as far as this run knows
                 * @default null
                 * @enum {string|null}
                 */
                decision: "keep" | "drop" | "move" | null;
                /**
                 * @description The category it was found under, when a person moved it
                 * @default null
                 */
                movedFrom: string | null;
            }[];
        };
        TrialDto: {
            backbone: string;
            /** @description Truncation depth: the tensor of the backbone that the head reads; several, joined by "+" from shallow to deep, where it reads them side by side */
            tap: string;
            head: string;
            params: {
                [key: string]: number | string;
            };
            /** @enum {string} */
            state: "complete" | "pruned" | "failed";
            validation: {
                /** @description Share of development pictures predicted rightly by a model that had not seen them (pooled over the folds) */
                accuracy: number;
                /** @description Wilson 95 % interval */
                interval: [
                    number,
                    number
                ];
                /** @description Pictures the accuracy was computed on */
                count: number;
            } | null;
            cost: {
                /** @description Weights of the head: the sum of (inputs + 1) * outputs over its layers */
                trainableParams: number;
                /** @description Trunk weights up to the tap, plus the head */
                totalParams: number;
                /** @description Measured milliseconds a picture of the truncated trunk, or null when not measured */
                latencyMs: number | null;
                /**
                 * @description Floating-point operations a picture of the truncated trunk and the head; runs of older versions may have the trunk alone, or null
                 * @default null
                 */
                flops: number | null;
                /**
                 * @description Size of the packaged ONNX file; null for runs of before it was kept
                 * @default null
                 */
                bytes: number | null;
            };
            /**
             * @description Why it was pruned or failed
             * @default null
             */
            reason: string | null;
            /**
             * @description On the Pareto front: no other trial is at least as accurate, as fast and as small, and better in one of these
             * @default false
             */
            pareto: boolean;
        };
        PredictionPageDto: {
            total: number;
            offset: number;
            /** @description The surest answers first */
            items: {
                /**
                 * Format: uuid
                 * @description GET /api/images/{imageId}/content
                 */
                imageId: string;
                sha256: string;
                truth: string;
                predicted: string;
                /** @description Calibrated probability of the answer, by a model that had not seen the picture */
                confidence: number;
            }[];
        };
        ReportDto: {
            /** Format: uuid */
            runId: string;
            /**
             * @default image
             * @enum {string}
             */
            modality: "image" | "text";
            categories: string[];
            counts: {
                candidates: number;
                fetched: number;
                kept: number;
                /** @description Pictures dropped, by reason */
                dropped: {
                    [key: string]: number;
                };
            };
            /** @default [] */
            search: {
                category: string;
                /** @description Kept pictures aimed at */
                wanted: number;
                /** @description Kept pictures that were found; own pictures are not counted */
                kept: number;
                /**
                 * @description enough: as many are kept as were wanted; exhausted: no provider has more; failed: every provider failed; limit: the rounds are over; null: it goes on
                 * @enum {string|null}
                 */
                stoppedBecause: "enough" | "exhausted" | "failed" | "limit" | null;
                providers: {
                    provider: string;
                    queries: {
                        query: string;
                        found: number;
                        kept: number;
                    }[];
                    found: number;
                    kept: number;
                    /** @enum {string} */
                    state: "searching" | "stopped" | "exhausted" | "failed";
                    /** @description Why it failed, and what to try */
                    reason: string | null;
                }[];
            }[];
            split: {
                train: number;
                validation: number;
                test: number;
            };
            /**
             * @description Version of the data set: GET /api/datasets/{version}
             * @default null
             */
            dataset: string | null;
            /**
             * @description What duplicates would have done to the validation accuracy; null when there were none
             * @default null
             */
            leakDelta: {
                /** @description Accuracy with the copies of a picture in one fold */
                grouped: number;
                /** @description Accuracy of the same model with copies dealt out at random */
                ungrouped: number;
                /** @description ungrouped - grouped: how much too high the accuracy would look */
                delta: number;
                pictures: number;
                copies: number;
            } | null;
            trials: {
                backbone: string;
                tap: string;
                head: string;
                params: {
                    [key: string]: number | string;
                };
                validation: {
                    /** @description Share of development pictures predicted rightly by a model that had not seen them (pooled over the folds) */
                    accuracy: number;
                    /** @description Wilson 95 % interval */
                    interval: [
                        number,
                        number
                    ];
                    /** @description Pictures the accuracy was computed on */
                    count: number;
                };
                cost: {
                    /** @description Weights of the head: the sum of (inputs + 1) * outputs over its layers */
                    trainableParams: number;
                    /** @description Trunk weights up to the tap, plus the head */
                    totalParams: number;
                    /** @description Measured milliseconds a picture of the truncated trunk, or null when not measured */
                    latencyMs: number | null;
                    /**
                     * @description Floating-point operations a picture of the truncated trunk and the head; runs of older versions may have the trunk alone, or null
                     * @default null
                     */
                    flops: number | null;
                    /**
                     * @description Size of the packaged ONNX file; null for runs of before it was kept
                     * @default null
                     */
                    bytes: number | null;
                };
                /**
                 * @description On the Pareto front: no other trial is at least as accurate, as fast and as small, and better in one of these
                 * @default false
                 */
                pareto: boolean;
            }[];
            /**
             * @description How the winner was chosen and how far that can be believed; null for runs of before it was kept
             * @default null
             */
            selection: {
                floor: {
                    /**
                     * @description majority-class: always the most frequent category; random-weights: the best tap of a backbone whose weights were drawn at random
                     * @enum {string}
                     */
                    kind: "majority-class" | "random-weights";
                    /** @description Whose architecture has the random weights */
                    backbone: string | null;
                    tap: string | null;
                    validation: {
                        /** @description Share of development pictures predicted rightly by a model that had not seen them (pooled over the folds) */
                        accuracy: number;
                        /** @description Wilson 95 % interval */
                        interval: [
                            number,
                            number
                        ];
                        /** @description Pictures the accuracy was computed on */
                        count: number;
                    };
                }[];
                /** @description Null when there was a single trial */
                optimism: {
                    /** @description Completed trials that were chosen among */
                    trials: number;
                    /** @description How much too high the validation accuracy of the chosen trial is likely to be because it was chosen; may be a little below 0 by chance */
                    estimate: number;
                    /** @description Validation accuracy of the chosen trial less the estimate */
                    corrected: number;
                    /** @description 95 % interval of the corrected accuracy */
                    interval: [
                        number,
                        number
                    ];
                    resamples: number;
                } | null;
                comparisons: {
                    /**
                     * @description runner-up: the most accurate other trial; other-backbone: the most accurate of another backbone; one-backbone: where several were chosen together, the most accurate of one alone; last-tap: the end of the chosen backbone; beyond-cap: the most accurate that costs more than was allowed
                     * @enum {string}
                     */
                    rival: "runner-up" | "other-backbone" | "one-backbone" | "last-tap" | "beyond-cap";
                    backbone: string;
                    /** @description Truncation depth: the tensor of the backbone that the head reads; several, joined by "+" from shallow to deep, where it reads them side by side */
                    tap: string;
                    head: string;
                    params: {
                        [key: string]: number | string;
                    };
                    /** @description Validation accuracy of the chosen trial less that of the rival */
                    difference: number;
                    /** @description 95 % interval of the difference, paired bootstrap */
                    interval: [
                        number,
                        number
                    ];
                    /** @description Pictures that only the chosen trial got right */
                    onlyChosen: number;
                    /** @description Pictures that only the rival got right */
                    onlyRival: number;
                    /** @description Exact McNemar test of "both are right equally often"; below 0.05 they can be told apart */
                    pValue: number;
                }[];
                unknown: {
                    /** @description Confidence under which the answer should be "unknown"; null: too few pictures to say */
                    below: number | null;
                    /** @description Share of the right held-out answers that fall below it */
                    rightBelow: number;
                    /** @description Share of the wrong held-out answers that fall below it */
                    wrongBelow: number;
                };
                /** @description Logits are divided by it before the softmax; fitted on held-out predictions */
                temperature: number;
                droppedBackbones: {
                    backbone: string;
                    /** @description Why not all pictures went through it */
                    reason: string;
                }[];
                /** @description What else the time limit left no time for, in a sentence each; the learning curve says it itself */
                leftOut: string[];
            } | null;
            selected: {
                backbone: string;
                /** @description Truncation depth: the tensor of the backbone that the head reads; several, joined by "+" from shallow to deep, where it reads them side by side */
                tap: string;
                head: string;
                params: {
                    [key: string]: number | string;
                };
                validation: {
                    /** @description Share of development pictures predicted rightly by a model that had not seen them (pooled over the folds) */
                    accuracy: number;
                    /** @description Wilson 95 % interval */
                    interval: [
                        number,
                        number
                    ];
                    /** @description Pictures the accuracy was computed on */
                    count: number;
                };
                test: {
                    /** @description Accuracy on pictures no trial has seen */
                    accuracy: number;
                    /** @description Wilson 95 % interval */
                    interval: [
                        number,
                        number
                    ];
                    /** @description Pictures the accuracy was computed on */
                    count: number;
                };
                cost: {
                    /** @description Weights of the head: the sum of (inputs + 1) * outputs over its layers */
                    trainableParams: number;
                    /** @description Trunk weights up to the tap, plus the head */
                    totalParams: number;
                    /** @description Measured milliseconds a picture of the truncated trunk, or null when not measured */
                    latencyMs: number | null;
                    /**
                     * @description Floating-point operations a picture of the truncated trunk and the head; runs of older versions may have the trunk alone, or null
                     * @default null
                     */
                    flops: number | null;
                    /**
                     * @description Size of the packaged ONNX file; null for runs of before it was kept
                     * @default null
                     */
                    bytes: number | null;
                };
            };
            /**
             * @description How many more pictures would help; null for runs of an older version
             * @default null
             */
            learningCurve: {
                points: {
                    /** @description Pictures learnt from, mean over folds and draws */
                    pictures: number;
                    perCategory: number;
                    /** @description Held out, mean over the draws */
                    accuracy: number;
                    /** @description Between draws; 0 for a single one */
                    deviation: number;
                    draws: number;
                }[];
                /** @description (1 - accuracy) / accuracy = (1 - asymptote) / asymptote + scale * pictures ^ -exponent */
                fit: {
                    asymptote: number;
                    scale: number;
                    exponent: number;
                } | null;
                forecast: {
                    /** @description Times the pictures there are */
                    factor: number;
                    perCategory: number;
                    accuracy: number;
                    /** @description 90 % band by bootstrap */
                    interval: [
                        number,
                        number
                    ];
                }[];
                /** @description What twice the pictures would bring */
                doubling: {
                    gain: number;
                    /** @description 90 % band by bootstrap */
                    interval: [
                        number,
                        number
                    ];
                } | null;
                /** @enum {string} */
                verdict: "more-helps" | "enough" | "cannot-say";
                more: {
                    /** @description More pictures of a category for two points more */
                    pictures: number;
                    /** @description 80 % band; null: no end */
                    interval: [
                        number,
                        number | null
                    ];
                } | null;
                /** @description Why nothing can be said, or why more would not help */
                reason: string | null;
                /** @description The answer in a sentence */
                text: string;
                backtest: {
                    /** @description The curve was fitted on subsets of at most so many pictures... */
                    upTo: number;
                    /** @description ...and asked for the accuracy at so many */
                    at: number;
                    predicted: number;
                    interval: [
                        number,
                        number
                    ];
                    measured: number;
                    /** @description predicted - measured */
                    error: number;
                } | null;
                categories: {
                    category: string;
                    /** @description Pictures of it to learn from */
                    pictures: number;
                    /** @description Share of its pictures that are recognised, with all pictures; null where no point of the curve could be measured */
                    recall: number | null;
                    /** @enum {string} */
                    verdict: "more-helps" | "enough" | "cannot-say";
                    more: {
                        /** @description More pictures of a category for two points more */
                        pictures: number;
                        /** @description 80 % band; null: no end */
                        interval: [
                            number,
                            number | null
                        ];
                    } | null;
                    /** @description Why nothing can be said, or why more would not help */
                    reason: string | null;
                    /** @description The answer in a sentence */
                    text: string;
                    /**
                     * @description Of its recall, from the subsets of the backtest of all; null where there is none, and for runs of older versions
                     * @default null
                     */
                    backtest: {
                        predicted: number;
                        interval: [
                            number,
                            number
                        ];
                        measured: number;
                        /** @description predicted - measured */
                        error: number;
                    } | null;
                }[];
            } | null;
            /**
             * @description What is wrong, which part is to blame, and what to do; the worst first
             * @default []
             */
            diagnosis: {
                /** @enum {string} */
                code: "too-few-pictures" | "unbalanced-pictures" | "confusable-categories" | "label-errors" | "backbone-mismatch" | "head-overfit" | "head-underfit" | "domain-gap";
                /**
                 * @description Which part is to blame
                 * @enum {string}
                 */
                blames: "data" | "backbone" | "head";
                /**
                 * @description high: the accuracy cannot be trusted or is far lower for it
                 * @enum {string}
                 */
                severity: "high" | "medium";
                message: string;
                evidence: {
                    [key: string]: number;
                };
                fix: string;
                /** @description Those it is about; empty: all */
                categories: string[];
                /** @description Ids of pictures that show it */
                examples: string[];
            }[];
            /**
             * @description What the winner takes for what: development pictures, each predicted by a model that had not seen it; the pictures of a cell: GET /api/runs/{runId}/predictions
             * @default null
             */
            confusion: {
                labels: string[];
                /** @description Rows: the category; columns: what was answered */
                counts: number[][];
                pictures: number;
            } | null;
            /** @description Folder of the package on the machine of the service */
            package: string;
        };
        FacetsDto: {
            total: number;
            categories: {
                name: string;
                kept: number;
                dropped: number;
                pending: number;
                doubted: number;
            }[];
            reasons: {
                reason: string;
                /** @enum {string} */
                stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
                pictures: number;
            }[];
            doubts: {
                outlier: number;
                "likely-mislabelled": number;
            };
            /** @description Groups of two or more copies */
            groups: number;
            /** @description What each query gave */
            queries: {
                category: string;
                provider: string;
                query: string;
                found: number;
                kept: number;
                /** @description Dropped as a copy of another picture */
                copies: number;
                /** @description Dropped by fetch or inspect: nothing to look at */
                broken: number;
                /** @description Doubted, or dropped by the curation */
                wrong: number;
            }[];
        };
        ImageGroupsDto: {
            total: number;
            offset: number;
            items: {
                group: string;
                /** @description The keeper first */
                members: {
                    /** Format: uuid */
                    id: string;
                    category: string;
                    /** @enum {string} */
                    state: "pending" | "kept" | "dropped";
                    /**
                     * @description The last stage that has judged the picture
                     * @enum {string}
                     */
                    stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
                    reason: string | null;
                    detail: string | null;
                    provider: string;
                    query: string;
                    rank: number;
                    imageUrl: string;
                    pageUrl: string | null;
                    title: string | null;
                    creator: string | null;
                    licence: string | null;
                    licenceUrl: string | null;
                    sha256: string | null;
                    width: number | null;
                    height: number | null;
                    /** @enum {string|null} */
                    part: "train" | "validation" | "test" | null;
                    /** Format: uuid */
                    duplicateOf: string | null;
                    /**
                     * @description Key of its duplicate group, which may have no other member
                     * @default null
                     */
                    group: string | null;
                    /**
                     * @description Why it does not look like its category; a doubted picture may be kept all the same
                     * @default null
                     * @enum {string|null}
                     */
                    doubt: "outlier" | "likely-mislabelled" | null;
                    /**
                     * @description How sure the doubt is, 0..1
                     * @default null
                     */
                    suspicion: number | null;
                    /**
                     * @description What it looks most like
                     * @default null
                     */
                    suggestedCategory: string | null;
                    /**
                     * @description What a person decided about the picture, as far as this run knows
                     * @default null
                     * @enum {string|null}
                     */
                    decision: "keep" | "drop" | "move" | null;
                    /**
                     * @description The category it was found under, when a person moved it
                     * @default null
                     */
                    movedFrom: string | null;
                }[];
            }[];
        };
        WithoutDto: {
            keptNow: number;
            keptWithout: number;
            /** @description Pictures of the query that would stay as a copy that another query found */
            replaced: number;
            /** @description Pictures that would be missing from each part */
            lost: {
                train: number;
                validation: number;
                test: number;
            };
            /** @description The kept pictures that would go: to be sent to POST /api/projects/{projectId}/decisions */
            sha256: string[];
        };
        ImageStoryDto: {
            /** Format: uuid */
            runId: string;
            /** Format: uuid */
            projectId: string;
            fetch: {
                bytes: number | null;
                mime: string | null;
                finalUrl: string | null;
                /** Format: date-time */
                fetchedAt: string;
            } | null;
            retries: {
                reason: string;
                detail: string | null;
                /** Format: date-time */
                at: string;
            }[];
            inspection: {
                format: string | null;
                /** @description Quality measures */
                measures: {
                    [key: string]: number | string;
                };
            } | null;
            /** @description Hash distance to the keeper of its group */
            distance: number | null;
            /** @description The last word of a person, for the next run */
            decided: {
                /** @enum {string} */
                action: "keep" | "drop" | "move";
                category: string | null;
                /** Format: date-time */
                at: string;
            } | null;
            image: {
                /** Format: uuid */
                id: string;
                category: string;
                /** @enum {string} */
                state: "pending" | "kept" | "dropped";
                /**
                 * @description The last stage that has judged the picture
                 * @enum {string}
                 */
                stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
                reason: string | null;
                detail: string | null;
                provider: string;
                query: string;
                rank: number;
                imageUrl: string;
                pageUrl: string | null;
                title: string | null;
                creator: string | null;
                licence: string | null;
                licenceUrl: string | null;
                sha256: string | null;
                width: number | null;
                height: number | null;
                /** @enum {string|null} */
                part: "train" | "validation" | "test" | null;
                /** Format: uuid */
                duplicateOf: string | null;
                /**
                 * @description Key of its duplicate group, which may have no other member
                 * @default null
                 */
                group: string | null;
                /**
                 * @description Why it does not look like its category; a doubted picture may be kept all the same
                 * @default null
                 * @enum {string|null}
                 */
                doubt: "outlier" | "likely-mislabelled" | null;
                /**
                 * @description How sure the doubt is, 0..1
                 * @default null
                 */
                suspicion: number | null;
                /**
                 * @description What it looks most like
                 * @default null
                 */
                suggestedCategory: string | null;
                /**
                 * @description What a person decided about the picture, as far as this run knows
                 * @default null
                 * @enum {string|null}
                 */
                decision: "keep" | "drop" | "move" | null;
                /**
                 * @description The category it was found under, when a person moved it
                 * @default null
                 */
                movedFrom: string | null;
            };
        };
        EstimateDto: {
            /** @description Finished runs it is told from; with none everything else is null */
            runs: number;
            /** @description Pictures to be downloaded so that enough are kept */
            downloads: {
                low: number;
                high: number;
            } | null;
            bytes: {
                low: number;
                high: number;
            } | null;
            /** @description Working time on this machine */
            ms: {
                low: number;
                high: number;
            } | null;
        };
        RetryFailedDto: {
            /** @description Reasons to try again, such as timeout or http-503; default: those that may pass */
            reasons?: string[];
        };
        RetriedDto: {
            /**
             * Format: uuid
             * @description The run that fetches them: the same, or a new one when the old one has gone beyond its data set
             */
            runId: string;
            copied: boolean;
            pictures: number;
            byReason: {
                [key: string]: number;
            };
        };
        MeasuresDto: {
            width: number;
            height: number;
            format: string;
            bytes: number;
            aspect: number;
            /** @description Mean grey level, 0..255 */
            brightness: number;
            /** @description Standard deviation of the grey levels */
            deviation: number;
            /** @description Variance of the Laplacian of the 128-pixel thumbnail */
            sharpness: number;
            /** @description Hasler and Suesstrunk 2003 */
            colourfulness: number;
            /** @description Share of pixels like their left neighbour */
            flatShare: number;
            /** @description Share of the area inside the plain border */
            contentShare?: number;
            /** @description Share of the area that lines of text cover */
            textShare?: number;
            /** @description 64-bit DCT hash */
            phash: string;
            /** @description 64-bit difference hash */
            dhash: string;
            /** @description Left out where nobody asked */
            safety?: {
                /** @description Probability of pornography on which the networks that were asked agree */
                unsafe: number;
                /** @description Probabilities of the five classes, by network */
                classes: {
                    [key: string]: {
                        [key: string]: number;
                    };
                };
            };
        };
        ReviewDto: {
            total: number;
            offset: number;
            items: {
                /** Format: uuid */
                id: string;
                category: string;
                /** @enum {string} */
                state: "pending" | "kept" | "dropped";
                /**
                 * @description The last stage that has judged the picture
                 * @enum {string}
                 */
                stage: "search" | "fetch" | "inspect" | "dedupe" | "curate" | "split" | "features" | "trials" | "package";
                reason: string | null;
                detail: string | null;
                provider: string;
                query: string;
                rank: number;
                imageUrl: string;
                pageUrl: string | null;
                title: string | null;
                creator: string | null;
                licence: string | null;
                licenceUrl: string | null;
                sha256: string | null;
                width: number | null;
                height: number | null;
                /** @enum {string|null} */
                part: "train" | "validation" | "test" | null;
                /** Format: uuid */
                duplicateOf: string | null;
                /**
                 * @description Key of its duplicate group, which may have no other member
                 * @default null
                 */
                group: string | null;
                /**
                 * @description Why it does not look like its category; a doubted picture may be kept all the same
                 * @default null
                 * @enum {string|null}
                 */
                doubt: "outlier" | "likely-mislabelled" | null;
                /**
                 * @description How sure the doubt is, 0..1
                 * @default null
                 */
                suspicion: number | null;
                /**
                 * @description What it looks most like
                 * @default null
                 */
                suggestedCategory: string | null;
                /**
                 * @description What a person decided about the picture, as far as this run knows
                 * @default null
                 * @enum {string|null}
                 */
                decision: "keep" | "drop" | "move" | null;
                /**
                 * @description The category it was found under, when a person moved it
                 * @default null
                 */
                movedFrom: string | null;
            }[];
            /** Format: uuid */
            projectId: string;
            /** @description Queries whose pictures are mostly wrong */
            wrongQueries: {
                category: string;
                provider: string;
                query: string;
                /** @description Pictures that reached the curation */
                pictures: number;
                /** @description Of those: dropped, doubted, or moved to another category */
                wrong: number;
            }[];
        };
        DecisionDto: {
            sha256: string;
            /** @enum {string} */
            action: "keep" | "drop" | "move";
            category: string | null;
        };
        DecideDto: {
            decisions: {
                sha256: string;
                /** @enum {string} */
                action: "keep" | "drop" | "move";
                /** @description For move: where it belongs. For keep: under which of several categories it was found */
                category?: string;
            }[];
        };
        DatasetDto: {
            /** @description sha256 of the sorted lines `sha256 category part` */
            version: string;
            pictures: number;
            categories: {
                train: number;
                validation: number;
                test: number;
                name: string;
            }[];
            /** @description Runs that train on it */
            runs: {
                /** Format: uuid */
                runId: string;
                /** Format: uuid */
                projectId: string;
            }[];
            /** Format: date-time */
            createdAt: string;
        };
        DatasetPicturesDto: {
            total: number;
            offset: number;
            items: {
                sha256: string;
                category: string;
                /** @enum {string} */
                part: "train" | "validation" | "test";
                provider: string;
                query: string;
                imageUrl: string;
                pageUrl: string | null;
                title: string | null;
                creator: string | null;
                licence: string | null;
                licenceUrl: string | null;
            }[];
        };
        DatasetDiffDto: {
            added: {
                category: string;
                /** @enum {string} */
                part: "train" | "validation" | "test";
                sha256: string;
            }[];
            removed: {
                category: string;
                /** @enum {string} */
                part: "train" | "validation" | "test";
                sha256: string;
            }[];
            moved: {
                sha256: string;
                from: {
                    category: string;
                    /** @enum {string} */
                    part: "train" | "validation" | "test";
                };
                to: {
                    category: string;
                    /** @enum {string} */
                    part: "train" | "validation" | "test";
                };
            }[];
        };
        ModelDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            projectId: string;
            /** Format: uuid */
            runId: string;
            /** @enum {string} */
            modality: "image" | "text";
            version: number;
            aliases: string[];
            labels: string[];
            summary: {
                backbone: string;
                /** @description Truncation depth: the tensor of the backbone that the head reads; several, joined by "+" from shallow to deep, where it reads them side by side */
                tap: string;
                head: string;
                params: {
                    [key: string]: number | string;
                };
                validation: {
                    /** @description Share of development pictures predicted rightly by a model that had not seen them (pooled over the folds) */
                    accuracy: number;
                    /** @description Wilson 95 % interval */
                    interval: [
                        number,
                        number
                    ];
                    /** @description Pictures the accuracy was computed on */
                    count: number;
                };
                test: {
                    /** @description Accuracy on pictures no trial has seen */
                    accuracy: number;
                    /** @description Wilson 95 % interval */
                    interval: [
                        number,
                        number
                    ];
                    /** @description Pictures the accuracy was computed on */
                    count: number;
                };
                cost: {
                    /** @description Weights of the head: the sum of (inputs + 1) * outputs over its layers */
                    trainableParams: number;
                    /** @description Trunk weights up to the tap, plus the head */
                    totalParams: number;
                    /** @description Measured milliseconds a picture of the truncated trunk, or null when not measured */
                    latencyMs: number | null;
                    /**
                     * @description Floating-point operations a picture of the truncated trunk and the head; runs of older versions may have the trunk alone, or null
                     * @default null
                     */
                    flops: number | null;
                    /**
                     * @description Size of the packaged ONNX file; null for runs of before it was kept
                     * @default null
                     */
                    bytes: number | null;
                };
            };
            /** @description Files of the package: GET /api/models/{model}/package/{file} */
            files: string[];
            /** Format: date-time */
            createdAt: string;
        };
        PredictResponseDto: {
            /** @description Id of the model that answered */
            model: string;
            /** @description Its version within its project; null for a package alone */
            version: number | null;
            /** @description Version of the data set that it was trained on */
            dataset: string | null;
            /** @description In the order of the pictures. Among several, a picture that cannot be read fails alone */
            predictions: ({
                /** @description Name of the file, or the address, that it was sent under */
                file: string | null;
                label: string;
                /** @description Probability of the label, 0..1, calibrated on pictures held out */
                confidence: number;
                /** @description Of every label, adding up to 1; with ?top=k of the k most probable */
                probabilities: {
                    [key: string]: number;
                };
                /** @description The confidence is below what the model was found to need: likely none of its labels */
                unknown: boolean;
                /** @description With ?top=k: the most probable labels, best first */
                top?: {
                    label: string;
                    confidence: number;
                }[];
                /** @description With ?heatmap=1: where the picture was decided */
                heatmap?: {
                    label: string;
                    /** @enum {string} */
                    method: "class-activation" | "occlusion";
                    rows: number;
                    columns: number;
                    /** @description Row by row: high where the picture speaks for the label, below 0 where against it */
                    values: number[];
                    /** @description Drawn over the picture, as a data: URL */
                    png: string;
                };
            } | {
                file: string | null;
                error: {
                    /** @description Such as corrupt, not-an-image, too-many-pixels, bad-base64 or private-address */
                    code: string;
                    message: string;
                };
            })[];
        };
        PromoteDto: {
            /**
             * Format: uuid
             * @description A model of the project
             */
            modelId: string;
            /** @description Why: it is kept in the history */
            reason: string;
        };
        ModelEventDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            projectId: string;
            /** Format: date-time */
            at: string;
            /** @description Who: the name of an API key, `local`, or `schedule` */
            actor: string;
            /**
             * @description built: by a run a person started, champion at once; challenged: by retraining; refused: a challenger that did not win
             * @enum {string}
             */
            action: "built" | "challenged" | "promoted" | "rolled-back" | "refused";
            /** @enum {string} */
            alias: "champion" | "challenger";
            /** @description What the alias named before */
            from: {
                /** Format: uuid */
                id: string;
                version: number;
            } | null;
            /** @description What it names since */
            to: {
                /** Format: uuid */
                id: string;
                version: number;
            } | null;
            reason: string;
        };
        RollbackDto: {
            /** @description Why: it is kept in the history */
            reason: string;
        };
        ReadyDto: {
            ready: boolean;
            checks: {
                name: string;
                ok: boolean;
                detail: string | null;
            }[];
        };
        MonitoringDto: {
            /** Format: uuid */
            modelId: string;
            /** @description In the log, within its retention */
            predictions: number;
            errors: number;
            meanConfidence: number | null;
            meanLatencyMs: number | null;
            /** @description How often each label was answered */
            labels: {
                [key: string]: number;
            };
            /** @description Newest first, at most 50 */
            drift: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                kind: "confidence" | "embedding";
                /** @description Kolmogorov-Smirnov distance, or energy distance */
                statistic: number;
                /** @description By permutation */
                pValue: number;
                /** @description Alarm at or below this p-value: the share of false alarms when nothing has changed */
                threshold: number;
                /** @description Live predictions compared */
                window: number;
                alarm: boolean;
            }[];
        };
        PredictionLogDto: {
            total: number;
            offset: number;
            items: {
                /** Format: date-time */
                at: string;
                sha256: string;
                /** @description null: the prediction failed */
                label: string | null;
                confidence: number | null;
                latencyMs: number;
                error: string | null;
                /** @description Whether the picture itself was kept (GRAFT_KEEP_PICTURES) */
                kept: boolean;
            }[];
        };
        ScheduleViewDto: {
            /**
             * @description When to retrain by the clock, such as `0 3 * * 1`; null: on triggers only
             * @default null
             */
            cron: string | null;
            /**
             * @description IANA name of the zone the cron expression is read in
             * @default UTC
             */
            timeZone: string;
            /** @default false */
            paused: boolean;
            /**
             * @description Address or folder with a zoo.json of backbones to watch; it stands in for GRAFT_ZOO_MIRROR in this project
             * @default null
             */
            feed: string | null;
            /**
             * @default {
             *       "newBackbones": true,
             *       "newPictures": null,
             *       "feedback": null,
             *       "drift": false
             *     }
             */
            triggers: {
                /**
                 * @description A backbone of the zoo or the feed that no run of the project has tried; it is tried alone
                 * @default true
                 */
                newBackbones: boolean;
                /**
                 * @description That many own pictures and decisions since the last run that read the data anew began; null: never
                 * @default null
                 */
                newPictures: number | null;
                /**
                 * @description That many accepted corrections since then; null: never
                 * @default null
                 */
                feedback: number | null;
                /**
                 * @description Live pictures or confidences differ from those of training (see docs/monitoring.md)
                 * @default false
                 */
                drift: boolean;
            };
            /**
             * @default {
             *       "margin": 0,
             *       "pValue": 0.05,
             *       "maxLatencyMs": null,
             *       "maxBytes": null,
             *       "shadowRequests": 0,
             *       "maxErrorRate": 0.05,
             *       "minRequests": 50
             *     }
             */
            policy: {
                /**
                 * @description Accuracy that must be gained on the same held-out pictures, 0..1
                 * @default 0
                 */
                margin: number;
                /**
                 * @description Greatest two-sided p-value of the exact McNemar test that counts as a win
                 * @default 0.05
                 */
                pValue: number;
                /**
                 * @description Milliseconds a picture the challenger may take, measured here; null: any
                 * @default null
                 */
                maxLatencyMs: number | null;
                /**
                 * @description Size its model file may have; null: any
                 * @default null
                 */
                maxBytes: number | null;
                /**
                 * @description Live pictures a winner first answers silently beside the champion; 0: none
                 * @default 0
                 */
                shadowRequests: number;
                /**
                 * @description Share of failed predictions above which a promotion is rolled back by itself
                 * @default 0.05
                 */
                maxErrorRate: number;
                /**
                 * @description Predictions of the new champion before its error rate is judged
                 * @default 50
                 */
                minRequests: number;
            };
            /** Format: uuid */
            projectId: string;
            nextFirings: {
                /** Format: date-time */
                at: string;
                words: string;
            }[];
            /**
             * Format: date-time
             * @description When the zoo was last looked at for new backbones
             */
            polledAt: string | null;
            pollError: string | null;
            /** Format: date-time */
            updatedAt: string | null;
        };
        ScheduleDto: {
            /**
             * @description When to retrain by the clock, such as `0 3 * * 1`; null: on triggers only
             * @default null
             */
            cron: string | null;
            /**
             * @description IANA name of the zone the cron expression is read in
             * @default UTC
             */
            timeZone: string;
            /** @default false */
            paused: boolean;
            /**
             * @description Address or folder with a zoo.json of backbones to watch; it stands in for GRAFT_ZOO_MIRROR in this project
             * @default null
             */
            feed: string | null;
            /**
             * @default {
             *       "newBackbones": true,
             *       "newPictures": null,
             *       "feedback": null,
             *       "drift": false
             *     }
             */
            triggers: {
                /**
                 * @description A backbone of the zoo or the feed that no run of the project has tried; it is tried alone
                 * @default true
                 */
                newBackbones: boolean;
                /**
                 * @description That many own pictures and decisions since the last run that read the data anew began; null: never
                 * @default null
                 */
                newPictures: number | null;
                /**
                 * @description That many accepted corrections since then; null: never
                 * @default null
                 */
                feedback: number | null;
                /**
                 * @description Live pictures or confidences differ from those of training (see docs/monitoring.md)
                 * @default false
                 */
                drift: boolean;
            };
            /**
             * @default {
             *       "margin": 0,
             *       "pValue": 0.05,
             *       "maxLatencyMs": null,
             *       "maxBytes": null,
             *       "shadowRequests": 0,
             *       "maxErrorRate": 0.05,
             *       "minRequests": 50
             *     }
             */
            policy: {
                /**
                 * @description Accuracy that must be gained on the same held-out pictures, 0..1
                 * @default 0
                 */
                margin: number;
                /**
                 * @description Greatest two-sided p-value of the exact McNemar test that counts as a win
                 * @default 0.05
                 */
                pValue: number;
                /**
                 * @description Milliseconds a picture the challenger may take, measured here; null: any
                 * @default null
                 */
                maxLatencyMs: number | null;
                /**
                 * @description Size its model file may have; null: any
                 * @default null
                 */
                maxBytes: number | null;
                /**
                 * @description Live pictures a winner first answers silently beside the champion; 0: none
                 * @default 0
                 */
                shadowRequests: number;
                /**
                 * @description Share of failed predictions above which a promotion is rolled back by itself
                 * @default 0.05
                 */
                maxErrorRate: number;
                /**
                 * @description Predictions of the new champion before its error rate is judged
                 * @default 50
                 */
                minRequests: number;
            };
        };
        RetrainDto: {
            /** @description Try these alone, on the data set of the champion. Default: everything anew, with the newest pictures */
            backbones?: string[];
        };
        RetrainingDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            projectId: string;
            /** @enum {string} */
            trigger: "manual" | "cron" | "new-backbones" | "new-pictures" | "feedback" | "drift";
            /** @description What set it off, in words */
            detail: string;
            /** @enum {string} */
            state: "queued" | "training" | "shadowing" | "promoted" | "refused" | "rolled-back" | "failed";
            /** @description Tried alone; empty: everything was searched anew */
            backbones: string[];
            /** Format: uuid */
            runId: string | null;
            /**
             * Format: uuid
             * @description The model to beat
             */
            championId: string | null;
            /** Format: uuid */
            challengerId: string | null;
            verdict: {
                wins: boolean;
                /** @description In words, with the numbers */
                reasons: string[];
                /** @description Held-out pictures both were asked about */
                pictures: number;
                champion: {
                    /** Format: uuid */
                    modelId: string;
                    version: number;
                    backbone: string;
                    accuracy: number;
                    interval: [
                        number,
                        number
                    ];
                    /** @description Milliseconds a picture through the packaged file, median, measured side by side */
                    latencyMs: number;
                    /** @description Size of the model file */
                    bytes: number;
                };
                challenger: {
                    /** Format: uuid */
                    modelId: string;
                    version: number;
                    backbone: string;
                    accuracy: number;
                    interval: [
                        number,
                        number
                    ];
                    /** @description Milliseconds a picture through the packaged file, median, measured side by side */
                    latencyMs: number;
                    /** @description Size of the model file */
                    bytes: number;
                };
                /** @description Pictures only the champion got right */
                onlyChampion: number;
                onlyChallenger: number;
                /** @description Exact McNemar test, two-sided */
                pValue: number;
                /** @description Challengers of the project judged so far, this one included: each is a chance of a lucky win */
                comparisons: number;
            } | null;
            shadow: {
                requests: number;
                wanted: number;
                agreed: number;
                errors: number;
                /** @description Mean milliseconds a picture */
                championMs: number | null;
                challengerMs: number | null;
            } | null;
            error: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            finishedAt: string | null;
        };
        FeedbackViewDto: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            projectId: string;
            /** Format: uuid */
            modelId: string;
            /** @description GET /api/feedback/{feedbackId}/picture gives its bytes */
            sha256: string;
            label: string;
            predicted: string | null;
            note: string | null;
            /**
             * @description accepted: an own picture of the category from the next run on. A person decides
             * @enum {string}
             */
            state: "pending" | "accepted" | "rejected";
            actor: string;
            /** Format: date-time */
            createdAt: string;
        };
        SessionDto: {
            /** @description False on loopback: everything is open */
            keysDemanded: boolean;
            /** @description Name of the key, `local`, or null: no key was given */
            actor: string | null;
            scopes: ("predict" | "read" | "admin")[];
        };
        OpenSessionDto: {
            key: string;
        };
        CreateKeyDto: {
            /** @description Who or what uses it; stands in the audit log */
            name: string;
            scopes: ("predict" | "read" | "admin")[];
            /**
             * Format: date-time
             * @default null
             */
            expiresAt: string | null;
        };
        CreatedKeyDto: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description The first characters of the key, to tell keys apart */
            start: string;
            scopes: ("predict" | "read" | "admin")[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastUsedAt: string | null;
            /** Format: date-time */
            revokedAt: string | null;
            /** @description Shown this once; only its hash is kept */
            key: string;
        };
        KeyDto: {
            /** Format: uuid */
            id: string;
            name: string;
            /** @description The first characters of the key, to tell keys apart */
            start: string;
            scopes: ("predict" | "read" | "admin")[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To the minute
             */
            lastUsedAt: string | null;
            /** Format: date-time */
            revokedAt: string | null;
        };
        AuditPageDto: {
            total: number;
            offset: number;
            items: {
                /** Format: uuid */
                id: string;
                /** Format: date-time */
                at: string;
                actor: string;
                /** @description Method and route, such as `POST /api/projects/:projectId/promote` */
                action: string;
                /** @description The ids in the address */
                target: {
                    [key: string]: string;
                };
                /** @description HTTP status of the answer */
                status: number;
                address: string | null;
                requestId: string;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ServiceController_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ServiceController_providers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ServiceController_zoo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackboneDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ProjectsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ProjectsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProjectDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ProjectsController_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ProjectsController_listUrls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListUrlsDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedUrlsDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ProjectsController_upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                category: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    files?: string[];
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadResultDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    TextsController_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddTextsDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedTextsDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    TextsController_read: {
        parameters: {
            query?: {
                /** @description labelled: CSV with the header label,text, or JSON lines; unlabelled: one text a line, or CSV or JSON lines with a column text */
                kind?: "labelled" | "unlabelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadTextsDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_listOfProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartRunDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_follow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_listImages: {
        parameters: {
            query?: {
                category?: string;
                state?: "pending" | "kept" | "dropped";
                reason?: string;
                provider?: string;
                /** @description Found by this query */
                query?: string;
                /** @description Only pictures that do not look like their category */
                doubt?: "any" | "outlier" | "likely-mislabelled";
                /** @description Key of a duplicate group */
                group?: string;
                /** @description found: by category, provider, query and rank; newest: fetched last; suspicion: likely wrong first; largest: most pixels */
                sort?: "found" | "newest" | "suspicion" | "largest";
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagePageDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_trials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_predictions: {
        parameters: {
            query?: {
                /** @description Only pictures of this category */
                truth?: string;
                /** @description Only pictures that were taken for this category */
                predicted?: string;
                /** @description true: only wrong answers; false: only right ones */
                wrong?: "true" | "false";
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionPageDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RunsController_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    PicturesController_facets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FacetsDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    PicturesController_groups: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageGroupsDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    PicturesController_without: {
        parameters: {
            query: {
                category?: string;
                provider: string;
                /** @description Default: every query of the provider */
                query?: string;
            };
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithoutDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    PicturesController_story: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageStoryDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    PicturesController_thumbnail: {
        parameters: {
            query?: {
                size?: number;
            };
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    EstimatesController_estimate: {
        parameters: {
            query: {
                /** @description How many */
                categories: number;
                /** @description Kept pictures aimed at; 0: no search */
                imagesPerCategory: number;
                /** @description Own pictures */
                own?: number;
                /** @description Backbones to search */
                backbones: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EstimateDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CollectController_retryFailed: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryFailedDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetriedDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    CollectController_attribution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    InspectController_measures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                imageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeasuresDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ReviewController_review: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ReviewController_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ReviewController_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ReviewController_forget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    VersionsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    VersionsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    VersionsController_pictures: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetPicturesDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    VersionsController_diff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                version: string;
                other: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DatasetDiffDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    VersionsController_export: {
        parameters: {
            query: {
                format: "folders" | "zip" | "csv" | "webdataset" | "hf";
            };
            header?: never;
            path: {
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ModelsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ModelsController_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ModelsController_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ModelsController_predict: {
        parameters: {
            query?: {
                /** @description Tell only the k most probable labels, and list them in order under `top` */
                top?: number;
                /** @description 1: also tell where each picture was decided (at most 8 pictures) */
                heatmap?: "0" | "1";
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
                "application/octet-stream": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
                "image/*": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
                "application/json": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictResponseDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    ModelsController_explain: {
        parameters: {
            query?: {
                /** @description The label to look for; default: the predicted one */
                label?: string;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
                "application/octet-stream": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
                "image/*": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
                "application/json": string | {
                    files?: string[];
                } | {
                    /** @description The bytes of a picture file in base64, or as a data: URL */
                    image?: string;
                    images?: string[];
                    /** @description Address of a picture */
                    url?: string;
                    urls?: string[];
                    /** @description A text, for a model of texts */
                    text?: string;
                    texts?: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RegistryController_promote: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromoteDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelEventDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RegistryController_rollBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelEventDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    RegistryController_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelEventDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MonitoringController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyDto"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MonitoringController_prometheus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MonitoringController_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonitoringDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    MonitoringController_predictions: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionLogDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleViewDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleViewDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_save: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleViewDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_retrain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetrainDto"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetrainingDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_retrainings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetrainingDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SchedulesController_retraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                retrainingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetrainingDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    FeedbackController_give: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    picture?: string;
                    label: string;
                    predicted?: string;
                    note?: string;
                    sha256?: string;
                    text?: string;
                };
                "application/json": {
                    /** Format: binary */
                    picture?: string;
                    label: string;
                    predicted?: string;
                    note?: string;
                    sha256?: string;
                    text?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackViewDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    FeedbackController_list: {
        parameters: {
            query?: {
                state?: "pending" | "accepted" | "rejected";
            };
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackViewDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    FeedbackController_picture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                feedbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    FeedbackController_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                feedbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackViewDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    FeedbackController_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                feedbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FeedbackViewDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SessionController_view: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SessionController_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenSessionDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    SessionController_close: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    AccessController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyDto"][];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    AccessController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKeyDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKeyDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    AccessController_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
    AccessController_auditLog: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPageDto"];
                };
            };
            /** @description Problem details */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemDto"];
                };
            };
        };
    };
}
