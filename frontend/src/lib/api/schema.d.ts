// Generated from the server's OpenAPI by `make gen`. Never edited.

export interface paths {
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Api Keys
         * @description One's own API keys, newest first, without their texts.
         */
        get: operations["list_api_keys"];
        put?: never;
        /**
         * Create Api Key
         * @description Make an API key of one's own. Its text is told this once.
         */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Api Key
         * @description End a key at once: one's own, or as an administrator anybody's.
         */
        delete: operations["revoke_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Audit
         * @description Who did what to which, and from where: newest first.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Audit
         * @description All that a filter leaves, as CSV or JSON, written while it is sent.
         */
        get: operations["export_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Use Sign In Link
         * @description Turn the secret of a one-time link into a session cookie.
         */
        post: operations["use_sign_in_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who Am I
         * @description Tell who is signed in.
         */
        get: operations["who_am_i"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Begin Oidc
         * @description Send the browser to the OpenID provider of the settings.
         */
        get: operations["begin_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Finish Oidc
         * @description Come back from the provider: signed in, or to the page that signs in with `?problem=` and a code.
         */
        get: operations["finish_oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Change one's own password. One's other sessions end.
         */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Password
         * @description Choose a password by a one-time link, and sign in. All earlier sessions end.
         */
        post: operations["reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List My Sessions
         * @description One's own browser sessions, the last seen first.
         */
        get: operations["list_my_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End My Session
         * @description End one of one's own sessions: that browser is signed out at once.
         */
        delete: operations["end_my_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set Up
         * @description Make the first administrator, with the secret that the server printed, and sign them in.
         */
        post: operations["set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In By Password
         * @description Sign in with a name or an e-mail address, and a password.
         */
        post: operations["sign_in_by_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Out
         * @description End this browser's session.
         */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Auth State
         * @description Tell the page that signs in which ways there are.
         */
        get: operations["auth_state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/client-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Clients
         * @description Tag, drain or resume many clients at once, all or none.
         */
        post: operations["change_clients"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Clients
         * @description All clients that are not archived, or all that are, by name.
         */
        get: operations["list_clients"];
        put?: never;
        /**
         * Enrol Client
         * @description Make a machine a client: an enrolment token in, the client's own key out.
         */
        post: operations["enrol_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Client
         * @description One client with the whole of its hardware, archived or not.
         */
        get: operations["get_client"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Client
         * @description Give a client another name or other tags.
         */
        patch: operations["change_client"];
        trace?: never;
    };
    "/api/v1/clients/{client_id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive Client
         * @description Take it off the lists, though it beats, until it is restored. Its results stay.
         */
        post: operations["archive_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drain Client
         * @description Give it no more jobs and operations; what it runs ends normally, what is queued waits.
         */
        post: operations["drain_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/hardware": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Hardware
         * @description A client's hardware with its history: results point into it by its fingerprint.
         */
        get: operations["get_hardware"];
        /**
         * Put Hardware
         * @description Tell what the machine is.
         */
        put: operations["put_hardware"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Beat
         * @description Presence and news in, directives out. With `Prefer: wait=N` the reply is held while there are none.
         */
        post: operations["beat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Next Key
         * @description Tell the client its next key, where its owner asked for one. Its first use is the end of the old key.
         */
        post: operations["take_next_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Models
         * @description Tell which models are installed: all of them, in place of what was told before.
         */
        put: operations["put_models"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Presence
         * @description When it was there and when not, newest first, as far back as the retention.
         */
        get: operations["get_presence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore Client
         * @description Bring it back onto the lists.
         */
        post: operations["restore_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume Client
         * @description Give a drained client work again.
         */
        post: operations["resume_client"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/revoke-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke Key
         * @description Make its key good for nothing, at once. It may enrol again under its ID, with a token.
         */
        post: operations["revoke_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/rotate-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate Key
         * @description Have it take another key with its next heartbeat. The old one ends when the new one is used.
         */
        post: operations["rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{client_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Announce Run
         * @description Begin to hand over a run that was measured without a server: it becomes a session under its own ID.
         *
         *     The samples and outcomes of its jobs follow as those of any job. The same run again changes nothing.
         */
        post: operations["announce_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare Results
         * @description Results against the first of them: differences with their intervals, verdicts, and what else differs.
         */
        get: operations["compare_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compare/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare Samples
         * @description The samples behind one metric of one workload, of each result at most some hundreds, evenly chosen.
         */
        get: operations["compare_samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/downloads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read Downloads
         * @description Tell how a machine becomes a client: the lines to copy, and which wheels are here.
         */
        get: operations["read_downloads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrolment-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Enrolment Tokens
         * @description All enrolment tokens, newest first, without their texts.
         */
        get: operations["list_enrolment_tokens"];
        put?: never;
        /**
         * Create Enrolment Token
         * @description Make a token with which machines enrol. Its text is told this once.
         */
        post: operations["create_enrolment_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrolment-tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Enrolment Token
         * @description Make a token useless. Clients that enrolled with it stay.
         */
        delete: operations["revoke_enrolment_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Report
         * @description A report of some results as one page that needs nothing else: it can be saved, sent and printed.
         */
        get: operations["export_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/export/results.{kind}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Results
         * @description All results that a filter leaves, as CSV, JSON or Markdown: units stand in the heads, numbers are as measured.
         *
         *     Written page by page while it is sent, however many there are.
         */
        get: operations["export_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Job
         * @description Cancel one job. What was measured is kept.
         */
        post: operations["cancel_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Outcome
         * @description End a job, after its samples. Sent again, it changes nothing.
         */
        put: operations["put_outcome"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Samples
         * @description Samples of a job without their chunks, from behind a number on; of one that is running, what has come so far.
         */
        get: operations["get_samples"];
        put?: never;
        /**
         * Post Samples
         * @description Deliver samples; one that is stored already is not stored again.
         */
        post: operations["post_samples"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Summary
         * @description What a job's samples come to; of one that is running, those that have come so far.
         */
        get: operations["get_summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/telemetry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Telemetry
         * @description What the machine did while a job was measured; of one that is running, what has come so far.
         *
         *     With `points`, ticks that follow each other are put together: a mean, of `energy_j` the last, of `throttle` every
         *     bit; each stands at the last of them. The first tick stays.
         */
        get: operations["get_telemetry"];
        put?: never;
        /**
         * Post Telemetry
         * @description Deliver telemetry; ticks that are stored already change nothing, and after a gap nothing is stored.
         */
        post: operations["post_telemetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim Job
         * @description Take the next job of this client. Asked again before the job was begun, the same job is given again.
         */
        post: operations["claim_job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Snapshot
         * @description How things stand: the first message of the live socket.
         */
        get: operations["get_snapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description Every model, and on which clients it is. With an ETag, which no heartbeat changes.
         */
        get: operations["list_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Operations
         * @description Operations, newest first: the record of who asked for what, and what became of it.
         */
        get: operations["list_operations"];
        put?: never;
        /**
         * Create Operations
         * @description Have something done to models on clients. What cannot be done is stored as skipped, with its reason.
         */
        post: operations["create_operations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operation_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Operation
         * @description Cancel one operation. One that runs is stopped by its client.
         */
        post: operations["cancel_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operation_id}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put Operation Outcome
         * @description End an operation. Sent again, it changes nothing.
         */
        put: operations["put_operation_outcome"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operation_id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Post Operation Progress
         * @description Tell how far an operation is, and hear whether it is to be stopped.
         */
        post: operations["post_operation_progress"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/{operation_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry Operation
         * @description Ask for the same once more: a new operation.
         */
        post: operations["retry_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/batches/{batch_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Operation Batch
         * @description Cancel what has not ended of what was asked for together.
         */
        post: operations["cancel_operation_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operations/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Claim Operation
         * @description Take the next operation of this client, never while it measures. Asked again before it began: the same one.
         */
        post: operations["claim_operation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List People
         * @description Everybody who may sign in, by name.
         */
        get: operations["list_people"];
        put?: never;
        /**
         * Create Person
         * @description Add a person. The link by which they choose their password is told this once.
         */
        post: operations["create_person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{person_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Person
         * @description Forget a person, their sessions and their API keys. What they did stays in the audit log.
         */
        delete: operations["delete_person"];
        options?: never;
        head?: never;
        /**
         * Change Person
         * @description Another role, name or address; disabled, a person's sessions end at once.
         */
        patch: operations["change_person"];
        trace?: never;
    };
    "/api/v1/people/{person_id}/reset-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make Reset Link
         * @description Make a one-time link by which a person chooses another password. Until then the old one is good.
         */
        post: operations["make_reset_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Prompts
         * @description The shipped prompts, then the saved ones, without their texts.
         */
        get: operations["list_prompts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Prompt
         * @description One prompt with its text.
         */
        get: operations["get_prompt"];
        /**
         * Save Prompt
         * @description Keep a prompt under a name, in place of what was kept there.
         */
        put: operations["save_prompt"];
        post?: never;
        /**
         * Forget Prompt
         * @description Forget a saved prompt. Suites hold its text, and keep it.
         */
        delete: operations["forget_prompt"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Results
         * @description Results, newest first or in another order, narrowed to what is asked. A repeated parameter means any of them.
         */
        get: operations["list_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/results/{result_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Result
         * @description One result with every sample, its environment and its suite.
         */
        get: operations["get_result"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/results/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count Results
         * @description How many results there are of each client, model, quantization ... under a filter.
         *
         *     The counts of a facet ignore the facet's own choice: they tell what another choice would give.
         */
        get: operations["count_results"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/results/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Latest
         * @description The newest completed result of each model on each client, or on those clients; of all with an ETag.
         */
        get: operations["list_latest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/results/latest/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Latest Columns
         * @description The newest completed result of each model on each client, column by column, with an ETag.
         */
        get: operations["list_latest_columns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Retention
         * @description What is too old now by the settings, and would go: of each kind how many rows, how long, how old.
         */
        get: operations["preview_retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Series
         * @description Series on clients, that which was measured last first, narrowed to what is asked.
         */
        get: operations["list_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series/{series}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Series
         * @description The results of a series on one client, newest first, with what changed between them.
         *
         *     Machines of the same parts share a series: without `client_id`, that which measured last is shown.
         */
        get: operations["get_series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description Sessions, newest first, narrowed to what is asked.
         */
        get: operations["list_sessions"];
        put?: never;
        /**
         * Create Session
         * @description Benchmark models on clients with a suite.
         */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Session Detail
         * @description One session with its jobs, and why those wait that do.
         */
        get: operations["get_session_detail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel Session
         * @description Cancel what has not ended. What was measured is kept.
         */
        post: operations["cancel_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Jobs
         * @description The jobs of a session, in the order in which they were asked for.
         */
        get: operations["list_jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Log
         * @description What happened to the jobs of a session, or to one of them, newest first.
         */
        get: operations["get_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/waits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Waits
         * @description Why the queued jobs of a session wait. It changes with what clients do, and is no change of a job: ask again.
         */
        get: operations["get_waits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Plan Again
         * @description What it takes to run exactly what a result measured: suite, digest and order, and what is different now.
         */
        get: operations["plan_again"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan Session
         * @description What a session would become: each pair with its state, and how long it would take. Stores nothing.
         */
        post: operations["plan_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Suites
         * @description The shipped suites, the saved ones, then the others that were run.
         */
        get: operations["list_suites"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suites/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Suite
         * @description Judge the text of a suite's file, or a suite as an editor has it. Stores nothing.
         */
        post: operations["check_suite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/suites/saved/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Saved Suite
         * @description One saved suite, with its file.
         */
        get: operations["get_saved_suite"];
        /**
         * Save Suite
         * @description Keep a suite under a name, in place of what was kept there.
         */
        put: operations["save_suite"];
        post?: never;
        /**
         * Forget Suite
         * @description Forget a saved suite. What was run with it stays.
         */
        delete: operations["forget_suite"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Again
         * @description What it takes to run exactly what an earlier result measured.
         *
         *     `digest_now` is what the tag points to on that client now, None where it is not installed; `tags_now` are the tags
         *     that point to the digest of the result. `order_seed` gives the same order of workloads and arrivals.
         */
        Again: {
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /** Digest Now */
            digest_now: string | null;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            /** Is Archived */
            is_archived: boolean;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Ollama Version */
            ollama_version: string | null;
            /** Ollama Version Now */
            ollama_version_now: string | null;
            /** Order Seed */
            order_seed: number | null;
            /**
             * Result Id
             * Format: uuid
             */
            result_id: string;
            suite: components["schemas"]["Suite"];
            /** Suite Hash */
            suite_hash: string;
            /** Tags Now */
            tags_now: string[];
        };
        /**
         * AgentState
         * @description What the client itself is doing.
         * @enum {string}
         */
        AgentState: "idle" | "busy" | "draining";
        /**
         * Allowed
         * @description What the owner of a machine lets the server ask of it.
         * @enum {string}
         */
        Allowed: "nothing" | "benchmarks" | "models";
        /**
         * AnnouncedRun
         * @description A run without its samples: the first line of a `.part`, and how a client begins to hand a run to a server.
         */
        AnnouncedRun: {
            /** Client Version */
            client_version: string;
            /**
             * Format
             * @default obt-run-part
             * @constant
             */
            format: "obt-run-part";
            /**
             * Format Version
             * @default 1
             */
            format_version: number;
            hardware: components["schemas"]["HardwareSnapshot"];
            /** Jobs */
            jobs: components["schemas"]["RunJob"][];
            /** Machine */
            machine: string;
            /** Order Seed */
            order_seed?: number | null;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            suite: components["schemas"]["Suite"];
        };
        /**
         * ApiKeys
         * @description Keys, newest first.
         */
        ApiKeys: {
            /** Keys */
            keys: components["schemas"]["ApiKeyView"][];
        };
        /**
         * ApiKeyView
         * @description A key without its text: `prefix` is how it begins. `role` is what it was made for.
         */
        ApiKeyView: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Person Id
             * Format: uuid
             */
            person_id: string;
            /** Person Name */
            person_name: string;
            /** Prefix */
            prefix: string;
            /** Revoked At */
            revoked_at: string | null;
            role: components["schemas"]["Role"];
        };
        /**
         * AuditEntry
         * @description One deed. `actor_id` is the ID of the person or of the client; names are as they were then.
         */
        AuditEntry: {
            /** Action */
            action: string;
            /** Actor */
            actor: string;
            /** Actor Id */
            actor_id: string | null;
            /** Actor Kind */
            actor_kind: string;
            /** Address */
            address: string | null;
            /** After */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: {
                [key: string]: unknown;
            } | null;
            /** Id */
            id: number;
            /** Subject */
            subject: string;
            /** Subject Kind */
            subject_kind: string;
        };
        /**
         * AuditPage
         * @description Deeds, newest first. `kept_days`: older ones are forgotten; None: none is.
         */
        AuditPage: {
            /** Entries */
            entries: components["schemas"]["AuditEntry"][];
            /** Kept Days */
            kept_days: number | null;
            /** Next */
            next: string | null;
        };
        /**
         * AuthState
         * @description What the page that signs in needs to know before anybody is.
         */
        AuthState: {
            /** Guest View */
            guest_view: boolean;
            /** Has Oidc */
            has_oidc: boolean;
            /** Needs Setup */
            needs_setup: boolean;
        };
        /**
         * BrowserSessions
         * @description All of one's own, the last seen first.
         */
        BrowserSessions: {
            /** Sessions */
            sessions: components["schemas"]["BrowserSessionView"][];
        };
        /**
         * BrowserSessionView
         * @description One browser in which one is signed in. `address` and `browser` are those it had when it signed in.
         */
        BrowserSessionView: {
            /** Address */
            address: string;
            /** Browser */
            browser: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Current */
            is_current: boolean;
            /**
             * Last Seen At
             * Format: date-time
             */
            last_seen_at: string;
        };
        /**
         * Cancel
         * @description Stop that job; what was measured is kept.
         */
        Cancel: {
            /**
             * Job Id
             * Format: uuid
             */
            job_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "cancel";
        };
        /**
         * CancelOperation
         * @description Stop that operation.
         */
        CancelOperation: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "cancel_operation";
            /**
             * Operation Id
             * Format: uuid
             */
            operation_id: string;
        };
        /**
         * Channel
         * @description One line of the series.
         *
         *     `device` is `gpu0`, `gpu1`, ... in the order of the hardware's GPUs, `cpu` or `cpu1`, ... for a processor's package,
         *     `dram`; None for the machine. `source` stands with `energy_j` alone.
         */
        Channel: {
            /** Device */
            device?: string | null;
            source?: components["schemas"]["EnergySource"] | null;
            /** Track */
            track: string;
        };
        /**
         * CheckedSuite
         * @description The suite with its file, or what is wrong with it: all at once, in the order of lines.
         */
        CheckedSuite: {
            /** Problems */
            problems: components["schemas"]["SuiteProblem"][];
            suite: components["schemas"]["SuiteView"] | null;
            /** Toml */
            toml: string | null;
        };
        /**
         * ClaimReply
         * @description A job to do, or None.
         */
        ClaimReply: {
            job: components["schemas"]["JobSpec"] | null;
        };
        /**
         * ClientChange
         * @description What is to be another; what is left out stays.
         */
        ClientChange: {
            /** Name */
            name?: string | null;
            /** Tags */
            tags?: string[] | null;
        };
        /**
         * ClientChanged
         * @description A client is new, or its row changed.
         */
        ClientChanged: {
            client: components["schemas"]["ClientView"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "client_changed";
        };
        /**
         * ClientDetail
         * @description One client with the whole of its hardware.
         *
         *     `is_archived_by_person`: then it stays archived though it beats. `key_rotation_asked_at`: since when somebody waits
         *     for it to take a new key. `key_revoked_at`: since when its key is good for nothing, until it enrols anew.
         */
        ClientDetail: {
            allows: components["schemas"]["Allowed"];
            /** Archived At */
            archived_at: string | null;
            /** Client Version */
            client_version: string;
            /** Clock Error Ms */
            clock_error_ms?: number | null;
            /** Clock Offset Ms */
            clock_offset_ms?: number | null;
            /** Clone Seen At */
            clone_seen_at: string | null;
            /** Drained At */
            drained_at: string | null;
            /**
             * Enrolled At
             * Format: date-time
             */
            enrolled_at: string;
            hardware: components["schemas"]["HardwareSnapshot"] | null;
            /** Id */
            id: string;
            /** Interval S */
            interval_s: number;
            /** Is Archived By Person */
            is_archived_by_person: boolean;
            /**
             * Is Clock Wrong
             * @default false
             */
            is_clock_wrong: boolean;
            /** Key Revoked At */
            key_revoked_at: string | null;
            /** Key Rotation Asked At */
            key_rotation_asked_at: string | null;
            /** Last Seen At */
            last_seen_at: string | null;
            load: components["schemas"]["MachineLoad"] | null;
            machine: components["schemas"]["MachineSummary"] | null;
            /** Model Count */
            model_count: number;
            /** Name */
            name: string;
            ollama: components["schemas"]["OllamaStatus"] | null;
            presence: components["schemas"]["Presence"];
            /** Protocol Version */
            protocol_version: number;
            /** Running Job Id */
            running_job_id: string | null;
            /** Server Protocol Min */
            server_protocol_min: number;
            state: components["schemas"]["AgentState"] | null;
            /** Tags */
            tags: string[];
            /** Version Advice */
            version_advice: string | null;
            version_state: components["schemas"]["VersionState"];
        };
        /**
         * ClientHardware
         * @description What a client's machine is, None where it has not told, and what it was: the present one first, then newest.
         */
        ClientHardware: {
            current: components["schemas"]["HardwareSnapshot"] | null;
            /** Fingerprint */
            fingerprint: string | null;
            /** History */
            history: components["schemas"]["HardwareRecord"][];
        };
        /**
         * ClientRemoved
         * @description A client was archived.
         */
        ClientRemoved: {
            /** Client Id */
            client_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "client_removed";
        };
        /**
         * Clients
         * @description Clients by name.
         */
        Clients: {
            /** Clients */
            clients: components["schemas"]["ClientView"][];
        };
        /**
         * ClientsChange
         * @description What is to be done with many clients at once. `drained`: True drains them, False lets them work again.
         */
        ClientsChange: {
            /** Add Tags */
            add_tags?: string[];
            /** Client Ids */
            client_ids: string[];
            /** Drained */
            drained?: boolean | null;
            /** Remove Tags */
            remove_tags?: string[];
        };
        /**
         * ClientsChanged
         * @description How many clients are another way now than they were.
         */
        ClientsChanged: {
            /** Changed */
            changed: number;
        };
        /**
         * ClientView
         * @description One client now. `running_job_id` is what it measures, as its last heartbeat said.
         *
         *     `version_state` is how its release stands to this server's, `version_advice` what to do about it (SERVER in it
         *     stands for this server's address), `server_protocol_min` the oldest server that it works with. A client that is
         *     drained, since `drained_at`, gets no new work. `allows` is what its owner lets the server ask of it.
         *     `clone_seen_at`: when its key was last used by a second running client too; None since it has a key that was not.
         *     `clock_offset_ms`: how far its clock is ahead of the server's, by its own measurement, to `clock_error_ms`; None
         *     where it told none. `is_clock_wrong`: by more than OBT_CLOCK_APART_S.
         */
        ClientView: {
            allows: components["schemas"]["Allowed"];
            /** Archived At */
            archived_at: string | null;
            /** Client Version */
            client_version: string;
            /** Clock Error Ms */
            clock_error_ms?: number | null;
            /** Clock Offset Ms */
            clock_offset_ms?: number | null;
            /** Clone Seen At */
            clone_seen_at: string | null;
            /** Drained At */
            drained_at: string | null;
            /**
             * Enrolled At
             * Format: date-time
             */
            enrolled_at: string;
            /** Id */
            id: string;
            /** Interval S */
            interval_s: number;
            /**
             * Is Clock Wrong
             * @default false
             */
            is_clock_wrong: boolean;
            /** Last Seen At */
            last_seen_at: string | null;
            load: components["schemas"]["MachineLoad"] | null;
            machine: components["schemas"]["MachineSummary"] | null;
            /** Model Count */
            model_count: number;
            /** Name */
            name: string;
            ollama: components["schemas"]["OllamaStatus"] | null;
            presence: components["schemas"]["Presence"];
            /** Protocol Version */
            protocol_version: number;
            /** Running Job Id */
            running_job_id: string | null;
            /** Server Protocol Min */
            server_protocol_min: number;
            state: components["schemas"]["AgentState"] | null;
            /** Tags */
            tags: string[];
            /** Version Advice */
            version_advice: string | null;
            version_state: components["schemas"]["VersionState"];
        };
        /**
         * ClockOffset
         * @description How far the client's wall clock is ahead of the server's, as a beat and its answer told: within `error_ms`.
         *
         *     The error is half the time that the answer took. It is told anew when a later measurement contradicts it by more
         *     than 0.1 s. To be shown: nothing is decided by it.
         */
        ClockOffset: {
            /** Error Ms */
            error_ms: number;
            /** Offset Ms */
            offset_ms: number;
        };
        /**
         * ClockSource
         * @description Who stamped the chunks: the kernel as the packet came, or this process after it had read it.
         * @enum {string}
         */
        ClockSource: "kernel" | "process";
        /**
         * ComparedResult
         * @description One result of a comparison. `memory_bytes` is what the model took beside the GPU's memory.
         *
         *     `throughput` has the points of the suite's sweep over concurrency, if it has one.
         */
        ComparedResult: {
            /** Memory Bytes */
            memory_bytes: number | null;
            /** Offload */
            offload: string;
            result: components["schemas"]["ResultView"];
            /** Size Bytes */
            size_bytes: number | null;
            /** Throughput */
            throughput: components["schemas"]["ThroughputPoint"][];
            /** Vram Bytes */
            vram_bytes: number | null;
            /** Workloads */
            workloads: components["schemas"]["WorkloadSummary"][];
        };
        /**
         * ComparisonLine
         * @description One metric of one workload against the baseline. Differences are relative: 0.12 is 12 % more than the baseline.
         *
         *     `before` and `after` are medians in the metric's unit, of the baseline and of the result. `detectable` is the least
         *     worsening that such samples show in 80 of 100 comparisons. `is_main`: the workload is there to tell this; the
         *     others are judged more strictly, since they are further questions to the same samples.
         */
        ComparisonLine: {
            /** After */
            after: number;
            /** Before */
            before: number;
            /** Detectable */
            detectable: number | null;
            /** High */
            high: number | null;
            /** Is Main */
            is_main: boolean;
            /** Low */
            low: number | null;
            metric: components["schemas"]["Metric"];
            /** N After */
            n_after: number;
            /** N Before */
            n_before: number;
            /** Relative */
            relative: number | null;
            verdict: components["schemas"]["VerdictCode"];
            /** Workload */
            workload: string;
        };
        /**
         * ComparisonView
         * @description Results against the first of them.
         *
         *     `tests` were judged together: the chance of any false alarm among them is `significance`, and no difference below
         *     `minimum_effect` is called one. `alike` facts of the environment are known and the same in all, `unknown` ones
         *     are not known of all.
         */
        ComparisonView: {
            /** Alike */
            alike: number;
            /** Differences */
            differences: components["schemas"]["EnvironmentDifference"][];
            /** Minimum Effect */
            minimum_effect: number;
            /** Pairs */
            pairs: components["schemas"]["Pair"][];
            /** Results */
            results: components["schemas"]["ComparedResult"][];
            /** Significance */
            significance: number;
            /** Tests */
            tests: number;
            /** Unknown */
            unknown: number;
        };
        /**
         * Condition
         * @description One thing about the machine, Ollama or the model that a reader of the result should know.
         *
         *     `weight` is what it makes of the result: `clean` for what is only told. Codes: docs/measuring.md.
         */
        Condition: {
            /** Code */
            code: string;
            /**
             * Detail
             * @default
             */
            detail: string;
            /** @default clean */
            weight: components["schemas"]["Grade"];
        };
        /**
         * ConstantArrival
         * @description A request every 1/rate seconds, whether or not the ones before have ended (open loop).
         */
        ConstantArrival: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "constant";
            /** Rate Per S */
            rate_per_s: number;
        };
        /**
         * Copy
         * @description Give a model a second name; its layers are not stored twice.
         */
        Copy: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "copy";
            /** Model */
            model: string;
            /** To */
            to: string;
        };
        /**
         * Cpu
         * @description The processor, as the operating system names it. Frequencies are the chip's limits, not today's.
         */
        Cpu: {
            /** Efficiency Cores */
            efficiency_cores?: number | null;
            /**
             * Features
             * @default []
             */
            features: string[];
            /** Logical Cores */
            logical_cores: number;
            /** Max Mhz */
            max_mhz?: number | null;
            /** Min Mhz */
            min_mhz?: number | null;
            /** Model */
            model: string;
            /** Performance Cores */
            performance_cores?: number | null;
            /** Physical Cores */
            physical_cores?: number | null;
        };
        /**
         * CpuSummary
         * @description A processor in a list.
         */
        CpuSummary: {
            /** Logical Cores */
            logical_cores: number;
            /** Model */
            model: string;
        };
        /**
         * CreatedApiKey
         * @description A key with its text, told this once.
         */
        CreatedApiKey: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Key */
            key: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /**
             * Person Id
             * Format: uuid
             */
            person_id: string;
            /** Person Name */
            person_name: string;
            /** Prefix */
            prefix: string;
            /** Revoked At */
            revoked_at: string | null;
            role: components["schemas"]["Role"];
        };
        /**
         * CreatedEnrolmentToken
         * @description A token with its text, told this once.
         */
        CreatedEnrolmentToken: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Label */
            label: string;
            /** Tags */
            tags: string[];
            /** Token */
            token: string;
            /** Uses Left */
            uses_left: number;
        };
        /**
         * CreatedPerson
         * @description A new person, with the one-time link by which they choose their password, and until when it is good.
         */
        CreatedPerson: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string | null;
            /** Has Oidc */
            has_oidc: boolean;
            /** Has Password */
            has_password: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Disabled */
            is_disabled: boolean;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Link */
            link: string;
            /**
             * Link Expires At
             * Format: date-time
             */
            link_expires_at: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * Delete
         * @description Remove a model from the machine.
         */
        Delete: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "delete";
            /** Model */
            model: string;
        };
        /**
         * DetectionNote
         * @description One thing that detection could not learn, and why.
         */
        DetectionNote: {
            /** Code */
            code: string;
            /**
             * Detail
             * @default
             */
            detail: string;
            /** Source */
            source: string;
        };
        /**
         * DiskKind
         * @description What a disk is. NVMe says how it is attached, SSD that it is flash on another bus.
         * @enum {string}
         */
        DiskKind: "hdd" | "ssd" | "nvme";
        /**
         * Downloads
         * @description What this server has for machines that are to become clients.
         */
        Downloads: {
            /** Lines */
            lines: components["schemas"]["InstallLines"][];
            /**
             * Server Url
             * @description This server as the request saw it, or as OBT_PUBLIC_URL says.
             */
            server_url: string;
            /**
             * Third Party
             * @description Platforms of which at least one third-party wheel is here; others need a package index.
             */
            third_party: components["schemas"]["WheelsOf"][];
            /**
             * Token Placeholder
             * @default TOKEN
             */
            token_placeholder: string;
            /**
             * Version
             * @description Version of the client that this server serves: its own.
             */
            version: string;
            /**
             * Why Not
             * @description Why nothing can be installed from here, and what to do; `lines` is then empty.
             */
            why_not?: string | null;
        };
        /**
         * EndReason
         * @description How a request ended. `length` is the wanted end: all tokens were generated.
         * @enum {string}
         */
        EndReason: "length" | "stop" | "error" | "cancelled";
        /**
         * EnergySource
         * @description Where joules come from: a counter of the device, or power read at each tick and summed over time.
         * @enum {string}
         */
        EnergySource: "counter" | "integrated";
        /**
         * EnergyUse
         * @description What a workload's requests took, reading of the prompt included, over the tokens that they generated.
         *
         *     `above_idle_j_per_token` is less what the same devices took before the job. `devices` are those that tell (`gpu0`,
         *     `cpu`, `dram`): a machine's other parts, its power supply's loss among them, are not in it.
         */
        EnergyUse: {
            /** Above Idle J Per Token */
            above_idle_j_per_token?: number | null;
            /** Devices */
            devices: string[];
            /** J Per Token */
            j_per_token: number;
            /** Power W */
            power_w: number;
            source: components["schemas"]["EnergySource"];
        };
        /**
         * EnrolmentReply
         * @description The client's own key, told once; the server keeps only its SHA-256.
         */
        EnrolmentReply: {
            /** Client Id */
            client_id: string;
            /** Heartbeat Interval S */
            heartbeat_interval_s: number;
            /** Key */
            key: string;
            /** Name */
            name: string;
        };
        /**
         * EnrolmentRequest
         * @description Sent once by a machine that holds an enrolment token.
         *
         *     `nonce` is a random secret of the machine: the same request sent again (its reply was lost) is answered again
         *     with a fresh key, as long as the client has not been seen; anybody else's request for that ID is refused (409).
         */
        EnrolmentRequest: {
            /** Client Id */
            client_id: string;
            /**
             * Client Version
             * @default
             */
            client_version: string;
            /** Name */
            name: string;
            /** Nonce */
            nonce: string;
            /** Protocol Version */
            protocol_version: number;
            /** Token */
            token: string;
        };
        /**
         * EnrolmentTokens
         * @description All tokens, newest first.
         */
        EnrolmentTokens: {
            /** Tokens */
            tokens: components["schemas"]["EnrolmentTokenView"][];
        };
        /**
         * EnrolmentTokenView
         * @description A token without its text.
         */
        EnrolmentTokenView: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Label */
            label: string;
            /** Tags */
            tags: string[];
            /** Uses Left */
            uses_left: number;
        };
        /**
         * Environment
         * @description All that may explain a number. None means unknown.
         */
        Environment: {
            /** Client Version */
            client_version: string;
            clock: components["schemas"]["ClockSource"];
            /**
             * Conditions
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            /** Context Length */
            context_length?: number | null;
            /** Cpu Percent Before */
            cpu_percent_before?: number | null;
            /** Hardware Fingerprint */
            hardware_fingerprint?: string | null;
            /** Idle Power W */
            idle_power_w?: number | null;
            machine?: components["schemas"]["MachineEnvironment"] | null;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Model Parameters */
            model_parameters?: string | null;
            /** Ollama Settings */
            ollama_settings?: {
                [key: string]: string;
            };
            /** Ollama Settings Source */
            ollama_settings_source?: string | null;
            /** Ollama Version */
            ollama_version?: string | null;
            options: components["schemas"]["ModelOptions"];
            /** Order Seed */
            order_seed?: number | null;
            /**
             * Other Models Loaded
             * @default []
             */
            other_models_loaded: string[];
            own_error?: components["schemas"]["OwnError"] | null;
            /** Parallel Slots */
            parallel_slots?: number | null;
            /** Quantization */
            quantization?: string | null;
            /** Size Bytes */
            size_bytes?: number | null;
            /** Size Vram Bytes */
            size_vram_bytes?: number | null;
            /** Suite Hash */
            suite_hash: string;
        };
        /**
         * EnvironmentDifference
         * @description A fact that is not the same everywhere. `name` tells which of several; `values` are in the results' order.
         */
        EnvironmentDifference: {
            /** Code */
            code: string;
            /** Name */
            name: string;
            /** Values */
            values: (string | number | boolean | null)[];
        };
        /**
         * Estimate
         * @description A median with its 95 % interval, which is None where there are too few samples for one.
         *
         *     `spread` is 1.4826 times the median absolute deviation, in the metric's unit. `p90` and `p99` need at least 10 and
         *     100 samples. `drift` is the relative change from the first third of the samples to the last, None where it is not
         *     more than noise. `outliers` counts values that stand apart; they are counted in.
         */
        Estimate: {
            /** Drift */
            drift?: number | null;
            /** High */
            high: number | null;
            /** Low */
            low: number | null;
            /** Median */
            median: number;
            /** N */
            n: number;
            /**
             * Outliers
             * @default 0
             */
            outliers: number;
            /** P90 */
            p90?: number | null;
            /** P99 */
            p99?: number | null;
            /** Spread */
            spread?: number | null;
        };
        /**
         * FacetCounts
         * @description The values of one parameter of the list of results, those with most results first.
         */
        FacetCounts: {
            /** Facet */
            facet: string;
            /** Values */
            values: components["schemas"]["FacetValue"][];
        };
        /**
         * FacetValue
         * @description How many results have this value; `value` filters by it, `name` is for people. An empty value means unknown.
         */
        FacetValue: {
            /** Name */
            name: string;
            /** Total */
            total: number;
            /** Value */
            value: string;
        };
        /**
         * Fate
         * @description What becomes of what is too old. `thinned`: fewer ticks stay; `dropped`: the result stays, its samples go.
         * @enum {string}
         */
        Fate: "thinned" | "dropped" | "deleted";
        /**
         * FieldError
         * @description One thing wrong with a request: where, and what would be right.
         */
        FieldError: {
            /** Message */
            message: string;
            /**
             * Where
             * @example body.models.0
             */
            where: string;
        };
        /**
         * FigureCode
         * @description What a job has one figure of, so that a difference has neither interval nor verdict; units in the names.
         * @enum {string}
         */
        FigureCode: "energy_j_per_token" | "throughput_tokens_per_s" | "goodput_per_s" | "vram_bytes" | "memory_bytes";
        /**
         * FigureLine
         * @description One figure of a job against the baseline's. `workload` is None for what is of the whole job.
         */
        FigureLine: {
            /** After */
            after: number;
            /** Before */
            before: number;
            code: components["schemas"]["FigureCode"];
            /** Relative */
            relative: number | null;
            /** Workload */
            workload: string | null;
        };
        /**
         * Fit
         * @description The arithmetic behind a placement, in bytes.
         *
         *     `needed_bytes` are the weights (`is_measured` false: the context's cache comes on top), or all of the model in
         *     memory as Ollama told it in the earlier result (`is_measured` true), of which `seen_vram_bytes` lay in GPU memory.
         */
        Fit: {
            /** Is Measured */
            is_measured: boolean;
            /** Memory Bytes */
            memory_bytes: number | null;
            /** Model Context Tokens */
            model_context_tokens: number | null;
            /** Needed Bytes */
            needed_bytes: number;
            placement: components["schemas"]["Placement"];
            /** Seen Vram Bytes */
            seen_vram_bytes: number | null;
            /** Vram Bytes */
            vram_bytes: number | null;
        };
        /**
         * Flag
         * @description What makes a sample doubtful; a flagged sample is kept and shown.
         * @enum {string}
         */
        Flag: "clock_stepped" | "client_stalled" | "send_delayed" | "merged_reads" | "clocks_disagree" | "cached_prompt" | "impossible_prefill" | "model_reloaded" | "context_changed" | "prompt_truncated" | "unasked_thinking" | "sent_late" | "foreign_cpu_load" | "foreign_gpu_load" | "memory_swapped" | "thermal_throttling" | "power_brake";
        /**
         * Format
         * @description What a table can be written as, by the end of its file's name.
         * @enum {string}
         */
        Format: "csv" | "json" | "md";
        /**
         * Gpu
         * @description One GPU. `memory_bytes` is its own memory, None where it shares the machine's.
         *
         *     `driver_version` is the environment's, and stands here for readers of the first release.
         */
        Gpu: {
            /** Compute Capability */
            compute_capability?: string | null;
            /** Cores */
            cores?: number | null;
            /** Driver Version */
            driver_version?: string | null;
            /** Has Tensor Cores */
            has_tensor_cores?: boolean | null;
            /** Is Integrated */
            is_integrated?: boolean | null;
            /** Memory Bytes */
            memory_bytes?: number | null;
            /** Name */
            name: string;
            /**
             * Number Formats
             * @default []
             */
            number_formats: string[];
            /** Pci Address */
            pci_address?: string | null;
            /** Pci Id */
            pci_id?: string | null;
            /** Pcie Generation Max */
            pcie_generation_max?: number | null;
            /** Pcie Width Max */
            pcie_width_max?: number | null;
            vendor: components["schemas"]["GpuVendor"];
        };
        /**
         * GpuEnvironment
         * @description How one GPU is driven and limited at present.
         */
        GpuEnvironment: {
            /** Driver */
            driver?: string | null;
            /** Driver Version */
            driver_version?: string | null;
            /** Firmware Version */
            firmware_version?: string | null;
            /** Is Accessible */
            is_accessible?: boolean | null;
            /** Is Ecc Enabled */
            is_ecc_enabled?: boolean | null;
            /** Is Mig Enabled */
            is_mig_enabled?: boolean | null;
            /** Memory Carved Out Bytes */
            memory_carved_out_bytes?: number | null;
            /**
             * Mig Devices
             * @default []
             */
            mig_devices: components["schemas"]["MigDevice"][];
            /** Name */
            name: string;
            /** Pcie Generation */
            pcie_generation?: number | null;
            /** Pcie Width */
            pcie_width?: number | null;
            /** Power Limit Default W */
            power_limit_default_w?: number | null;
            /** Power Limit Max W */
            power_limit_max_w?: number | null;
            /** Power Limit W */
            power_limit_w?: number | null;
            /** Runtime Version */
            runtime_version?: string | null;
        };
        /**
         * GpuSummary
         * @description A GPU in a list. `memory_bytes`: its own, None where it shares the machine's.
         */
        GpuSummary: {
            /** Memory Bytes */
            memory_bytes?: number | null;
            /** Name */
            name: string;
            vendor: components["schemas"]["GpuVendor"];
        };
        /**
         * GpuVendor
         * @description Who made a GPU.
         * @enum {string}
         */
        GpuVendor: "nvidia" | "amd" | "intel" | "apple" | "qualcomm" | "other";
        /**
         * Grade
         * @description Whether a result may be compared. Only clean results enter a baseline.
         * @enum {string}
         */
        Grade: "clean" | "disturbed" | "invalid";
        /**
         * HardwareRecord
         * @description What a client's machine was, from `first_seen_at` on, as it was told last.
         *
         *     `replaced_at` is when the client told of other hardware; None for what it has now, and for what is only known of a
         *     run that was measured without a server.
         */
        HardwareRecord: {
            /** Fingerprint */
            fingerprint: string;
            /**
             * First Seen At
             * Format: date-time
             */
            first_seen_at: string;
            hardware: components["schemas"]["HardwareSnapshot"];
            /** Is Current */
            is_current: boolean;
            /** Replaced At */
            replaced_at: string | null;
        };
        /**
         * HardwareSnapshot
         * @description The machine that runs Ollama. `known` is False where Ollama runs on another machine: nothing is guessed then.
         */
        HardwareSnapshot: {
            /**
             * Arch
             * @default
             */
            arch: string;
            cpu?: components["schemas"]["Cpu"] | null;
            environment?: components["schemas"]["MachineEnvironment"] | null;
            /**
             * Gpus
             * @default []
             */
            gpus: components["schemas"]["Gpu"][];
            /**
             * Known
             * @default true
             */
            known: boolean;
            memory?: components["schemas"]["Memory"] | null;
            /** Memory Bytes */
            memory_bytes?: number | null;
            model_disk?: components["schemas"]["ModelDisk"] | null;
            /**
             * Notes
             * @default []
             */
            notes: components["schemas"]["DetectionNote"][];
            /**
             * Npus
             * @default []
             */
            npus: components["schemas"]["Npu"][];
            /**
             * Os
             * @default
             */
            os: string;
            /**
             * Os Version
             * @default
             */
            os_version: string;
        };
        /**
         * HeardState
         * @description A presence in a client's history. `unknown`: no server was there to hear it.
         * @enum {string}
         */
        HeardState: "online" | "stale" | "offline" | "unknown";
        /**
         * Heartbeat
         * @description About one kilobyte, every interval. `job_id` is the job being worked on; the beat renews its lease.
         *
         *     `operation_id` is the operation being done, and renews that lease. `allows` is what the machine's owner lets the
         *     server ask of it; a client that does not say so allows benchmarks. `allow_registries` are the hosts beside Ollama's
         *     own from which it may be asked to pull.
         */
        Heartbeat: {
            /**
             * Allow Registries
             * @default []
             */
            allow_registries: string[];
            /** @default benchmarks */
            allows: components["schemas"]["Allowed"];
            /**
             * Boot Id
             * Format: uuid
             */
            boot_id: string;
            /** Client Version */
            client_version: string;
            clock?: components["schemas"]["ClockOffset"] | null;
            /** Hardware Fingerprint */
            hardware_fingerprint?: string | null;
            /**
             * Interval S
             * @default 10
             */
            interval_s: number;
            /** Job Id */
            job_id?: string | null;
            load?: components["schemas"]["MachineLoad"] | null;
            /** Models Hash */
            models_hash?: string | null;
            ollama: components["schemas"]["OllamaStatus"];
            /** Operation Id */
            operation_id?: string | null;
            progress?: components["schemas"]["JobProgress"] | null;
            /** Protocol Version */
            protocol_version: number;
            /**
             * Server Protocol Min
             * @default 1
             */
            server_protocol_min: number;
            state: components["schemas"]["AgentState"];
        };
        /**
         * HeartbeatReply
         * @description The answer to a beat, at once or held until there is something to say.
         */
        HeartbeatReply: {
            /**
             * Directives
             * @default []
             */
            directives: (components["schemas"]["Work"] | components["schemas"]["Cancel"] | components["schemas"]["SendHardware"] | components["schemas"]["SendModels"] | components["schemas"]["Operate"] | components["schemas"]["CancelOperation"] | components["schemas"]["RotateKey"])[];
            /** Server Protocol Version */
            server_protocol_version?: number | null;
            /**
             * Server Time
             * Format: date-time
             */
            server_time: string;
            /**
             * Server Version
             * @default
             */
            server_version: string;
        };
        /**
         * InstalledModel
         * @description One model, as `/api/tags` and `/api/show` tell of it. None means that Ollama did not say.
         */
        InstalledModel: {
            /**
             * Capabilities
             * @default []
             */
            capabilities: string[];
            /**
             * Cloud
             * @default false
             */
            cloud: boolean;
            /** Context Length */
            context_length?: number | null;
            /** Digest */
            digest: string;
            /** Family */
            family?: string | null;
            /** Modified At */
            modified_at?: string | null;
            /** Name */
            name: string;
            /** Parameter Count */
            parameter_count?: number | null;
            /** Parameter Size */
            parameter_size?: string | null;
            /** Quantization */
            quantization?: string | null;
            /** Size Bytes */
            size_bytes: number;
        };
        /**
         * InstallLines
         * @description The lines to copy on one operating system. In `install`, the word TOKEN stands for an enrolment token.
         */
        InstallLines: {
            /** Install */
            install: string;
            /**
             * Is Checked
             * @description Whether the lines check the script against its SHA-256 first: they do over plain HTTP.
             */
            is_checked: boolean;
            /**
             * Script Sha256
             * @description SHA-256 of the script as this server serves it under that URL.
             */
            script_sha256: string;
            /** Script Url */
            script_url: string;
            /**
             * Shell
             * @description Where the lines are typed.
             * @example sh
             * @example PowerShell
             */
            shell: string;
            system: components["schemas"]["System"];
            /** Uninstall */
            uninstall: string;
            /**
             * Upgrade
             * @description Run on a client: it takes this server's version and keeps its identity.
             */
            upgrade: string;
        };
        /**
         * JobChanged
         * @description A job moved, or got further.
         */
        JobChanged: {
            job: components["schemas"]["JobView"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "job_changed";
        };
        /**
         * JobError
         * @description Why a job failed: a code for programs, a sentence for people.
         */
        JobError: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * JobLog
         * @description What happened to jobs, newest first. `next` asks for the page before it, in time.
         */
        JobLog: {
            /** Entries */
            entries: components["schemas"]["LogEntry"][];
            /** Next */
            next: number | null;
        };
        /**
         * JobOutcome
         * @description The last word of a client on a job, sent after all its samples. Sending it again changes nothing.
         */
        JobOutcome: {
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            environment?: components["schemas"]["Environment"] | null;
            error?: components["schemas"]["JobError"] | null;
            /**
             * Notes
             * @default []
             */
            notes: string[];
            /** Sample Count */
            sample_count: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            status: components["schemas"]["OutcomeStatus"];
        };
        /**
         * JobPhase
         * @description What a running job does now.
         * @enum {string}
         */
        JobPhase: "preflight" | "warmup" | "sampling" | "finishing";
        /**
         * JobProgress
         * @description How far a running job is. `tokens_per_s` is what streams at this moment, None between samples.
         */
        JobProgress: {
            phase: components["schemas"]["JobPhase"];
            /** Samples Done */
            samples_done: number;
            /** Samples Planned */
            samples_planned: number;
            /** Tokens Per S */
            tokens_per_s?: number | null;
            /** Workload */
            workload?: string | null;
        };
        /**
         * JobsPage
         * @description Jobs of a session in the order in which they were asked for. `next` asks for the page after it.
         */
        JobsPage: {
            /** Jobs */
            jobs: components["schemas"]["JobView"][];
            /** Next */
            next: number | null;
        };
        /**
         * JobSpec
         * @description All that a client needs to do a job: data only, never a command, a path or an address.
         */
        JobSpec: {
            /**
             * Job Id
             * Format: uuid
             */
            job_id: string;
            /**
             * Lease S
             * @default 90
             */
            lease_s: number;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Order Seed */
            order_seed?: number | null;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            suite: components["schemas"]["Suite"];
            /** Suite Hash */
            suite_hash: string;
        };
        /**
         * JobStatus
         * @description Where a job stands.
         * @enum {string}
         */
        JobStatus: "queued" | "claimed" | "running" | "completed" | "failed" | "cancelled" | "skipped" | "lost";
        /**
         * JobView
         * @description One job now. Its result, once there is one, has the same ID.
         *
         *     `error` says why it failed, or why it was skipped where its `skip_reason` alone does not say what to do.
         */
        JobView: {
            /** Claimed At */
            claimed_at: string | null;
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ended At */
            ended_at: string | null;
            error: components["schemas"]["JobError"] | null;
            /** Headline */
            headline: {
                [key: string]: components["schemas"]["Estimate"];
            } | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string | null;
            /** Order Seed */
            order_seed: number | null;
            progress: components["schemas"]["JobProgress"] | null;
            /** Samples Stored */
            samples_stored: number;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            skip_reason: components["schemas"]["SkipReason"] | null;
            /** Started At */
            started_at: string | null;
            status: components["schemas"]["JobStatus"];
            /** Suite Hash */
            suite_hash: string;
            waits_for?: components["schemas"]["WaitReason"] | null;
        };
        JsonValue: unknown;
        /**
         * LatestColumns
         * @description The same of all clients, for who reads ten thousand of them: a list a field, one entry in each for each result.
         *
         *     What many have alike stands once: `client`, `model`, `digest` and `suite` are places, from 0, in the lists of those.
         */
        LatestColumns: {
            /** Client */
            client: number[];
            /** Clients */
            clients: string[];
            /** Decode Tokens Per S */
            decode_tokens_per_s: (number | null)[];
            /** Digest */
            digest: number[];
            /** Digests */
            digests: string[];
            /** Ended At */
            ended_at: string[];
            /** Grade */
            grade: components["schemas"]["Grade"][];
            /** Model */
            model: number[];
            /** Models */
            models: string[];
            /** Result Id */
            result_id: string[];
            /** Suite */
            suite: number[];
            /** Suites */
            suites: string[];
        };
        /**
         * LatestResult
         * @description The newest completed result of a model on a client; the headline's medians, None where not measured.
         */
        LatestResult: {
            /** Client Id */
            client_id: string;
            /** Decode Tokens Per S */
            decode_tokens_per_s: number | null;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            grade: components["schemas"]["Grade"];
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Prefill Tokens Per S */
            prefill_tokens_per_s: number | null;
            /**
             * Result Id
             * Format: uuid
             */
            result_id: string;
            /** Suite Name */
            suite_name: string;
            /** Ttft Ms */
            ttft_ms: number | null;
        };
        /**
         * LatestResults
         * @description One for each model on each client that has a completed result, in no order.
         */
        LatestResults: {
            /** Results */
            results: components["schemas"]["LatestResult"][];
        };
        /**
         * Limits
         * @description What a request must meet to count for goodput. None: no such limit.
         */
        Limits: {
            /** E2E Ms */
            e2e_ms?: number | null;
            /** Tpot Ms */
            tpot_ms?: number | null;
            /** Ttft Ms */
            ttft_ms?: number | null;
        };
        /**
         * Load
         * @description Bring a model into memory, to stay for so many seconds after its last use.
         */
        Load: {
            /**
             * Keep Alive S
             * @default 300
             */
            keep_alive_s: number;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "load";
            /** Model */
            model: string;
        };
        /**
         * LoadedModel
         * @description One row of Ollama's `/api/ps`.
         */
        LoadedModel: {
            /** Context Length */
            context_length?: number | null;
            /** Digest */
            digest: string;
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /** Size Bytes */
            size_bytes: number;
            /** Size Vram Bytes */
            size_vram_bytes: number;
        };
        /**
         * LogDetail
         * @description What is to be said of it: of disturbed samples their numbers and flags, of an end what the client found.
         */
        LogDetail: {
            /**
             * Conditions
             * @default []
             */
            conditions: components["schemas"]["Condition"][];
            error?: components["schemas"]["JobError"] | null;
            /**
             * Flags
             * @default []
             */
            flags: components["schemas"]["Flag"][];
            /**
             * Notes
             * @default []
             */
            notes: string[];
            /**
             * Numbers
             * @default []
             */
            numbers: number[];
            /** Samples */
            samples?: number | null;
            skip_reason?: components["schemas"]["SkipReason"] | null;
            /** Workload */
            workload?: string | null;
        };
        /**
         * LogEntry
         * @description One thing that happened to a job. Later ones have greater numbers.
         */
        LogEntry: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            detail: components["schemas"]["LogDetail"];
            /** Id */
            id: number;
            /**
             * Job Id
             * Format: uuid
             */
            job_id: string;
            kind: components["schemas"]["LogKind"];
        };
        /**
         * LogFormat
         * @description What the log can be written as.
         * @enum {string}
         */
        LogFormat: "csv" | "json";
        /**
         * LogKind
         * @description What happened to a job. `sampling`: it began to measure; `resumed`: it was lost, and went on.
         * @enum {string}
         */
        LogKind: "claimed" | "preflight" | "warmup" | "sampling" | "disturbed" | "lost" | "resumed" | "completed" | "failed" | "cancelled" | "skipped";
        /**
         * MachineEnvironment
         * @description All of a machine that is not its chips. `gpus` is in the order of the snapshot's.
         */
        MachineEnvironment: {
            /** Container */
            container?: string | null;
            /** Cpu Mhz */
            cpu_mhz?: number | null;
            /** Distribution */
            distribution?: string | null;
            /** Distribution Version */
            distribution_version?: string | null;
            /**
             * Gpus
             * @default []
             */
            gpus: components["schemas"]["GpuEnvironment"][];
            /** Kernel */
            kernel?: string | null;
            /** Model Disk Free Bytes */
            model_disk_free_bytes?: number | null;
            power?: components["schemas"]["Power"] | null;
            /** Virtualization */
            virtualization?: string | null;
        };
        /**
         * MachineLoad
         * @description How busy the machine is: CPU in percent of all cores, memory in bytes.
         */
        MachineLoad: {
            /** Cpu Percent */
            cpu_percent: number;
            /** Memory Used Bytes */
            memory_used_bytes: number;
        };
        /**
         * MachineSummary
         * @description What a list shows of a client's hardware; the whole of it is in its detail.
         */
        MachineSummary: {
            cpu?: components["schemas"]["CpuSummary"] | null;
            /**
             * Gpus
             * @default []
             */
            gpus: components["schemas"]["GpuSummary"][];
            /**
             * Known
             * @default true
             */
            known: boolean;
            /** Memory Bytes */
            memory_bytes?: number | null;
            /**
             * Os
             * @default
             */
            os: string;
        };
        /**
         * Me
         * @description Who is signed in, and what they may do. `role`, `name` and `person_id` are None for guests and clients.
         */
        Me: {
            kind: components["schemas"]["obt_server__auth__roles__Kind"];
            /** Name */
            name: string | null;
            /** Permissions */
            permissions: components["schemas"]["Permission"][];
            /** Person Id */
            person_id: string | null;
            role: components["schemas"]["Role"] | null;
        };
        /**
         * MeasuredBefore
         * @description A fresh clean result of the same series. `age_s`: since its measurement ended, by the client's clock.
         */
        MeasuredBefore: {
            /** Age S */
            age_s: number;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            /** Headline */
            headline: {
                [key: string]: components["schemas"]["Estimate"];
            };
            /** Ollama Version */
            ollama_version: string | null;
            /**
             * Result Id
             * Format: uuid
             */
            result_id: string;
            /** Sample Count */
            sample_count: number;
        };
        /**
         * Memory
         * @description The machine's memory modules, as far as the system tells without administrator's rights.
         */
        Memory: {
            /**
             * Is Unified
             * @default false
             */
            is_unified: boolean;
            /** Kind */
            kind?: string | null;
            /** Modules */
            modules?: number | null;
            /** Speed Mt Per S */
            speed_mt_per_s?: number | null;
        };
        /**
         * Metric
         * @description What can be measured, in the unit of its name. Definitions: `obt_core.metrics`.
         * @enum {string}
         */
        Metric: "decode_tokens_per_s" | "prefill_tokens_per_s" | "ttft_ms" | "first_answer_ms" | "tpot_ms" | "gap_max_ms" | "e2e_ms" | "scheduled_ms" | "load_ms" | "queue_ms";
        /**
         * MigDevice
         * @description One instance that a GPU is split into.
         */
        MigDevice: {
            /** Memory Bytes */
            memory_bytes?: number | null;
            /** Profile */
            profile: string;
        };
        /**
         * ModelDisk
         * @description The disk that holds Ollama's models.
         */
        ModelDisk: {
            /** Filesystem */
            filesystem?: string | null;
            kind?: components["schemas"]["DiskKind"] | null;
            /** Size Bytes */
            size_bytes?: number | null;
        };
        /**
         * ModelHolder
         * @description A client that is not archived. Whether it is there, and what is in its memory, the live socket tells.
         */
        ModelHolder: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * ModelInventory
         * @description All models of one Ollama.
         */
        ModelInventory: {
            /** Models */
            models: components["schemas"]["InstalledModel"][];
        };
        /**
         * ModelOnClients
         * @description A model as one or more clients have it: the same name, digest and details (`obt_core.models.InstalledModel`).
         *
         *     `clients` holds places in `Models.clients`. Beside each stands in `modified_at_s` when its file was last changed,
         *     in whole seconds since 1970; None where it was not told.
         */
        ModelOnClients: {
            /** Capabilities */
            capabilities: string[];
            /** Clients */
            clients: number[];
            /** Cloud */
            cloud: boolean;
            /** Context Length */
            context_length: number | null;
            /** Digest */
            digest: string;
            /** Family */
            family: string | null;
            /** Modified At S */
            modified_at_s: (number | null)[];
            /** Name */
            name: string;
            /** Parameter Count */
            parameter_count: number | null;
            /** Parameter Size */
            parameter_size: string | null;
            /** Quantization */
            quantization: string | null;
            /** Size Bytes */
            size_bytes: number;
        };
        /**
         * ModelOptions
         * @description Options of Ollama that are always set, since its defaults change with memory and version.
         */
        ModelOptions: {
            /**
             * Keep Alive S
             * @default 300
             */
            keep_alive_s: number;
            /**
             * Num Ctx
             * @default 2048
             */
            num_ctx: number;
            /**
             * Seed
             * @default 1
             */
            seed: number;
            /**
             * Temperature
             * @default 0
             */
            temperature: number;
            /**
             * Think
             * @default false
             */
            think: boolean;
        };
        /**
         * Models
         * @description Every model on every client that is not archived: models by name, clients by name.
         */
        Models: {
            /** Clients */
            clients: components["schemas"]["ModelHolder"][];
            /** Models */
            models: components["schemas"]["ModelOnClients"][];
        };
        /**
         * ModelsChanged
         * @description The models of a client changed: fetch them anew.
         */
        ModelsChanged: {
            /** Client Id */
            client_id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "models_changed";
        };
        /**
         * NewApiKey
         * @description A key for a program. It may what its role may, and never more than its person now.
         */
        NewApiKey: {
            /**
             * Expires In Days
             * @description null: never.
             * @default 90
             */
            expires_in_days: number | null;
            /** Name */
            name: string;
            /** @default viewer */
            role: components["schemas"]["Role"];
        };
        /**
         * NewEnrolmentToken
         * @description How many machines may enrol with the token, and until when. `tags` are given to each of them.
         */
        NewEnrolmentToken: {
            /**
             * Expires In Hours
             * @default 24
             */
            expires_in_hours: number;
            /**
             * Label
             * @default made in the dashboard
             */
            label: string;
            /** Tags */
            tags?: string[];
            /**
             * Uses
             * @default 1
             */
            uses: number;
        };
        /**
         * NewOperation
         * @description One operation on one client.
         */
        NewOperation: {
            /** Client Id */
            client_id: string;
            /** Operation */
            operation: components["schemas"]["Pull"] | components["schemas"]["Delete"] | components["schemas"]["Load"] | components["schemas"]["Unload"] | components["schemas"]["Copy"];
        };
        /**
         * NewOperations
         * @description The same operation on many clients (`operation`, `client_ids`), or a list of single ones (`operations`).
         */
        NewOperations: {
            /**
             * Client Ids
             * @default []
             */
            client_ids: string[];
            /** Operation */
            operation?: (components["schemas"]["Pull"] | components["schemas"]["Delete"] | components["schemas"]["Load"] | components["schemas"]["Unload"] | components["schemas"]["Copy"]) | null;
            /**
             * Operations
             * @default []
             */
            operations: components["schemas"]["NewOperation"][];
        };
        /**
         * NewPerson
         * @description Somebody who is to sign in. They choose their password by the link that is answered.
         */
        NewPerson: {
            /** Email */
            email?: string | null;
            /** Name */
            name: string;
            /** @default viewer */
            role: components["schemas"]["Role"];
        };
        /**
         * NewSession
         * @description A suite for every one of the models on every one of the clients, or for exactly those pairs.
         *
         *     `suite` is the name of a shipped or a saved one, any one's hash, or a suite itself. `not_before`: nobody begins
         *     earlier, at most a year ahead; a moment that is over means at once. `remeasure`: also what a fresh clean result of
         *     the same series stands for (`POST /sessions/plan` tells which); without it such pairs are left out.
         */
        NewSession: {
            /** Client Ids */
            client_ids?: string[];
            /** Models */
            models?: string[];
            /** Not Before */
            not_before?: string | null;
            /** Order Seed */
            order_seed?: number | null;
            /** Pairs */
            pairs?: components["schemas"]["WantedPair"][];
            /**
             * Remeasure
             * @default true
             */
            remeasure: boolean;
            /**
             * Suite
             * @default quick
             */
            suite: string | components["schemas"]["Suite"];
            /** Title */
            title?: string | null;
        };
        /**
         * NextKeyReply
         * @description The key that comes next, told once: its first use is the end of the old one. Asked again: another one.
         */
        NextKeyReply: {
            /** Key */
            key: string;
        };
        /**
         * Npu
         * @description One neural processor. Ollama uses none today; it is recorded because it is there.
         */
        Npu: {
            /** Cores */
            cores?: number | null;
            /** Driver */
            driver?: string | null;
            /** Name */
            name: string;
            /** Pci Id */
            pci_id?: string | null;
            /** Vendor */
            vendor: string;
        };
        /**
         * Obstacle
         * @description Why two results tell nothing of each other.
         * @enum {string}
         */
        Obstacle: "another_suite" | "nothing_in_common";
        /**
         * Kind
         * @description Who somebody is: a person's role, or none.
         * @enum {string}
         */
        obt_server__auth__roles__Kind: "anonymous" | "client" | "guest" | "scraper" | "viewer" | "operator" | "administrator";
        /**
         * Kind
         * @description What gets old.
         * @enum {string}
         */
        obt_server__retention__kinds__Kind: "telemetry_detail" | "telemetry" | "samples" | "job_log" | "operations" | "empty_sessions" | "presence" | "audit";
        /**
         * OllamaStatus
         * @description What the client sees of its Ollama now.
         */
        OllamaStatus: {
            /**
             * Loaded
             * @default []
             */
            loaded: components["schemas"]["LoadedModel"][];
            /** Reachable */
            reachable: boolean;
            /** Version */
            version?: string | null;
        };
        /**
         * Operate
         * @description A claim of an operation would succeed now.
         */
        Operate: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "operate";
        };
        /**
         * OperationChanged
         * @description An operation was asked for, moved, or got further.
         */
        OperationChanged: {
            operation: components["schemas"]["OperationView"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "operation_changed";
        };
        /**
         * OperationClaimReply
         * @description An operation to do, or None.
         */
        OperationClaimReply: {
            operation: components["schemas"]["OperationSpec"] | null;
        };
        /**
         * OperationKind
         * @description What may be done to a model: the kinds of `obt_core.operations.Operation`.
         * @enum {string}
         */
        OperationKind: "pull" | "delete" | "load" | "unload" | "copy";
        /**
         * OperationOutcome
         * @description The last word of a client on an operation. Sending it again changes nothing.
         */
        OperationOutcome: {
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            error?: components["schemas"]["JobError"] | null;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            status: components["schemas"]["OperationOutcomeStatus"];
        };
        /**
         * OperationOutcomeReply
         * @description The state that the operation has now.
         */
        OperationOutcomeReply: {
            status: components["schemas"]["OperationStatus"];
        };
        /**
         * OperationOutcomeStatus
         * @description How a client may end an operation.
         * @enum {string}
         */
        OperationOutcomeStatus: "completed" | "failed" | "cancelled";
        /**
         * OperationPage
         * @description A page of operations, newest first. `next` asks for the page after it.
         */
        OperationPage: {
            /** Next */
            next: string | null;
            /** Operations */
            operations: components["schemas"]["OperationView"][];
        };
        /**
         * OperationProgress
         * @description How far a running operation is. Bytes are those of a pull, over all of its layers; None: Ollama does not say.
         *
         *     `bytes_per_s` is the rate of the last seconds.
         */
        OperationProgress: {
            /** Bytes Per S */
            bytes_per_s?: number | null;
            /** Done Bytes */
            done_bytes?: number | null;
            /**
             * Stage
             * @default
             */
            stage: string;
            /** Total Bytes */
            total_bytes?: number | null;
        };
        /**
         * OperationProgressReply
         * @description `cancelled` asks the client to stop.
         */
        OperationProgressReply: {
            /** Cancelled */
            cancelled: boolean;
        };
        /**
         * Operations
         * @description The operations that were asked for, in their order.
         */
        Operations: {
            /** Operations */
            operations: components["schemas"]["OperationView"][];
        };
        /**
         * OperationSkipReason
         * @description Why an operation was never done.
         * @enum {string}
         */
        OperationSkipReason: "not_allowed" | "offline" | "not_installed" | "cloud_model" | "client_outdated";
        /**
         * OperationSpec
         * @description What a client needs to do an operation: data only, never a command, a path or an address.
         */
        OperationSpec: {
            /** Lease S */
            lease_s: number;
            /** Operation */
            operation: components["schemas"]["Pull"] | components["schemas"]["Delete"] | components["schemas"]["Load"] | components["schemas"]["Unload"] | components["schemas"]["Copy"];
            /**
             * Operation Id
             * Format: uuid
             */
            operation_id: string;
        };
        /**
         * OperationStatus
         * @description Where an operation stands.
         * @enum {string}
         */
        OperationStatus: "queued" | "running" | "completed" | "failed" | "cancelled" | "skipped" | "lost";
        /**
         * OperationView
         * @description One operation now. `batch_id` joins those asked for together; `asked_by` and `cancelled_by` tell by whom.
         *
         *     `error` says why it failed, or why it was skipped where its `skip_reason` alone does not say what to do.
         */
        OperationView: {
            /** Asked By */
            asked_by: string;
            /**
             * Batch Id
             * Format: uuid
             */
            batch_id: string;
            /** Cancelled By */
            cancelled_by: string | null;
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ended At */
            ended_at: string | null;
            error: components["schemas"]["JobError"] | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["OperationKind"];
            /** Model */
            model: string;
            /** Operation */
            operation: components["schemas"]["Pull"] | components["schemas"]["Delete"] | components["schemas"]["Load"] | components["schemas"]["Unload"] | components["schemas"]["Copy"];
            progress: components["schemas"]["OperationProgress"] | null;
            skip_reason: components["schemas"]["OperationSkipReason"] | null;
            /** Started At */
            started_at: string | null;
            status: components["schemas"]["OperationStatus"];
        };
        /**
         * OutcomeReply
         * @description The state that the job has now. `missing` counts samples that the server never got.
         */
        OutcomeReply: {
            /**
             * Detail
             * @default
             */
            detail: string;
            /** Missing */
            missing: number;
            status: components["schemas"]["JobStatus"];
        };
        /**
         * OutcomeStatus
         * @description How a client may end a job.
         * @enum {string}
         */
        OutcomeStatus: "completed" | "failed" | "cancelled";
        /**
         * OwnError
         * @description How far OBT's own stamps are from the truth on this machine, by `obt-client bench --calibrate`.
         */
        OwnError: {
            clock: components["schemas"]["ClockSource"];
            /** Gap P50 Us */
            gap_p50_us: number;
            /** Gap P99 Us */
            gap_p99_us: number;
            /** Lateness P99 Ms */
            lateness_p99_ms?: number | null;
            /**
             * Measured At
             * Format: date-time
             */
            measured_at: string;
            /** Streams */
            streams: number;
            /** Ttft P50 Us */
            ttft_p50_us: number;
            /** Ttft P99 Us */
            ttft_p99_us: number;
        };
        /**
         * Pair
         * @description One result against the baseline. `headline` is the line that its verdict comes from.
         */
        Pair: {
            /** Figures */
            figures: components["schemas"]["FigureLine"][];
            headline: components["schemas"]["ComparisonLine"] | null;
            /** Lines */
            lines: components["schemas"]["ComparisonLine"][];
            obstacle: components["schemas"]["Obstacle"] | null;
            /**
             * Result Id
             * Format: uuid
             */
            result_id: string;
            verdict: components["schemas"]["VerdictCode"];
        };
        /**
         * PairState
         * @description `measured`: it can be measured, and a fresh clean result of the same series is there already.
         * @enum {string}
         */
        PairState: "possible" | "measured" | "impossible";
        /**
         * PasswordChange
         * @description One's present password, None where one has none, and the next.
         */
        PasswordChange: {
            /** Current */
            current?: string | null;
            /** New */
            new: string;
        };
        /**
         * People
         * @description Everybody, by name.
         */
        People: {
            /** People */
            people: components["schemas"]["PersonView"][];
        };
        /**
         * Permission
         * @description What a route lets one do.
         * @enum {string}
         */
        Permission: "sign_in" | "enrol" | "act_as_client" | "read" | "observe" | "operate" | "administer" | "own_account";
        /**
         * PersonChange
         * @description What is to be another way; what is left out stays. An `email` of null takes it away.
         */
        PersonChange: {
            /** Email */
            email?: string | null;
            /** Is Disabled */
            is_disabled?: boolean | null;
            /** Name */
            name?: string | null;
            role?: components["schemas"]["Role"] | null;
        };
        /**
         * PersonView
         * @description Somebody who may sign in. `last_seen_at`: None before the first time.
         */
        PersonView: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Email */
            email: string | null;
            /** Has Oidc */
            has_oidc: boolean;
            /** Has Password */
            has_password: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Is Disabled */
            is_disabled: boolean;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * Placement
         * @description Where the model's layers lie. `shared`: GPU and processor share one memory; `unknown`: the machine's is.
         * @enum {string}
         */
        Placement: "gpu" | "shared" | "split" | "cpu" | "does_not_fit" | "unknown";
        /**
         * PlannedClient
         * @description What a client would have to do: `jobs_ahead` are those that wait for it or that it works on already.
         *
         *     `estimate_s` is the sum of its pairs that would be measured, those of unknown length with the suite's budget;
         *     `is_bound`: at least one of them is such a bound.
         */
        PlannedClient: {
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /** Estimate S */
            estimate_s: number;
            /** Is Bound */
            is_bound: boolean;
            /** Jobs */
            jobs: number;
            /** Jobs Ahead */
            jobs_ahead: number;
        };
        /**
         * PlannedPair
         * @description One model on one client.
         *
         *     `reason`: why it is impossible, with `error` where a sentence says what to do. `waits`: its client is not there now,
         *     so its job would wait for it. `estimate_s`: how long it will take, by the newest completed result of this suite and
         *     model on this client; None where there is none (the suite's budget is the bound then).
         */
        PlannedPair: {
            /** Client Id */
            client_id: string;
            error: components["schemas"]["JobError"] | null;
            /** Estimate S */
            estimate_s: number | null;
            fit: components["schemas"]["Fit"] | null;
            measured: components["schemas"]["MeasuredBefore"] | null;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string | null;
            reason: components["schemas"]["SkipReason"] | null;
            state: components["schemas"]["PairState"];
            /** Waits */
            waits: boolean;
        };
        /**
         * PoissonArrival
         * @description Requests at random moments, independent of each other, so many a second on average (open loop).
         */
        PoissonArrival: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "poisson";
            /** Rate Per S */
            rate_per_s: number;
        };
        /**
         * Power
         * @description How a machine is powered, and how it trades speed for power. Each part is in its system's own words.
         */
        Power: {
            /** Battery Percent */
            battery_percent?: number | null;
            /** Energy Preference */
            energy_preference?: string | null;
            /** Governor */
            governor?: string | null;
            /** Is Boost Enabled */
            is_boost_enabled?: boolean | null;
            /** Is Low Power Mode */
            is_low_power_mode?: boolean | null;
            /** Plan */
            plan?: string | null;
            /** Platform Profile */
            platform_profile?: string | null;
            source?: components["schemas"]["PowerSource"] | null;
        };
        /**
         * PowerSource
         * @description Where a machine's power comes from.
         * @enum {string}
         */
        PowerSource: "mains" | "battery";
        /**
         * Precision
         * @description When a workload knows enough: the 95 % interval of the metric's median is within this share of it, on each side.
         *
         *     It is looked at after a fixed schedule of sample counts, from `samples_min` on, at a level corrected for the number
         *     of looks (`obt_core.statistics`).
         */
        Precision: {
            /** @default decode_tokens_per_s */
            metric: components["schemas"]["Metric"];
            /**
             * Samples Min
             * @default 10
             */
            samples_min: number;
            /**
             * Within
             * @default 0.03
             */
            within: number;
        };
        /**
         * Presence
         * @description Whether a client is there. `new`: enrolled, and not heard of yet.
         * @enum {string}
         */
        Presence: "new" | "online" | "stale" | "offline";
        /**
         * PresenceChange
         * @description From `at` on, until the next one.
         */
        PresenceChange: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            presence: components["schemas"]["HeardState"];
        };
        /**
         * PresenceHistory
         * @description Changes of a client's presence, newest first. What is older than `kept_since` was forgotten.
         */
        PresenceHistory: {
            /** Changes */
            changes: components["schemas"]["PresenceChange"][];
            /**
             * Kept Since
             * Format: date-time
             */
            kept_since: string;
            /** Next */
            next: string | null;
        };
        /**
         * Problem
         * @description RFC 9457 problem details, with OBT's stable `code`.
         */
        Problem: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /**
             * Errors
             * @default []
             */
            errors: components["schemas"]["FieldError"][];
            /** Status */
            status: number;
            /** Title */
            title: string;
            /**
             * Type
             * @default about:blank
             */
            type: string;
        };
        /**
         * PromptDetail
         * @description A prompt with its text.
         */
        PromptDetail: {
            /** Characters */
            characters: number;
            /** Name */
            name: string;
            /** Purpose */
            purpose: string;
            /** Saved At */
            saved_at: string | null;
            /** Shipped */
            shipped: boolean;
            /** Text */
            text: string;
        };
        /**
         * Prompts
         * @description All prompts: shipped ones first, then the saved ones by name.
         */
        Prompts: {
            /** Prompts */
            prompts: components["schemas"]["PromptView"][];
        };
        /**
         * PromptToSave
         * @description A prompt to be kept under a name.
         */
        PromptToSave: {
            /**
             * Purpose
             * @default
             */
            purpose: string;
            /** Text */
            text: string;
        };
        /**
         * PromptView
         * @description A prompt in a list; `characters` is how long its text is. Shipped ones are read-only.
         */
        PromptView: {
            /** Characters */
            characters: number;
            /** Name */
            name: string;
            /** Purpose */
            purpose: string;
            /** Saved At */
            saved_at: string | null;
            /** Shipped */
            shipped: boolean;
        };
        /**
         * Pull
         * @description Have Ollama fetch a model from its registry, or bring it up to date.
         */
        Pull: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "pull";
            /** Model */
            model: string;
        };
        /**
         * ReplayArrival
         * @description The arrival times and lengths of a recorded trace; the workload's prompt and length stand aside.
         */
        ReplayArrival: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "replay";
            /** Requests */
            requests: components["schemas"]["ReplayRequest"][];
        };
        /**
         * ReplayRequest
         * @description One request of a recorded trace. `at_s` counts from the begin of the replay.
         */
        ReplayRequest: {
            /** At S */
            at_s: number;
            /** Generate Tokens */
            generate_tokens: number;
            /** Prompt Tokens */
            prompt_tokens: number;
        };
        /**
         * Reset
         * @description The secret of a reset link, the part after `#reset=`, and the password to have from now on.
         */
        Reset: {
            /** Password */
            password: string;
            /** Secret */
            secret: string;
        };
        /**
         * ResetLink
         * @description A one-time link by which a person chooses a password, and the moment until which it is good.
         */
        ResetLink: {
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /** Link */
            link: string;
        };
        /**
         * ResultAdded
         * @description A result was stored or renewed.
         */
        ResultAdded: {
            result: components["schemas"]["ResultView"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "result_added";
        };
        /**
         * ResultDetail
         * @description All that is known of one result, every sample included.
         *
         *     `notes` are the client's own remarks. `telemetry_ticks` tells how much telemetry there is, by the job's own route.
         */
        ResultDetail: {
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            environment: components["schemas"]["Environment"] | null;
            error: components["schemas"]["JobError"] | null;
            grade: components["schemas"]["Grade"];
            hardware: components["schemas"]["HardwareSnapshot"] | null;
            /** Headline */
            headline: {
                [key: string]: components["schemas"]["Estimate"];
            };
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Notes */
            notes: string[];
            /** Quantization */
            quantization: string | null;
            /** Reasons */
            reasons: string[];
            /** Sample Count */
            sample_count: number;
            /** Samples */
            samples: components["schemas"]["Sample"][];
            /** Samples Dropped At */
            samples_dropped_at?: string | null;
            /** Series */
            series: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            status: components["schemas"]["JobStatus"];
            suite: components["schemas"]["Suite"];
            /** Suite Hash */
            suite_hash: string;
            /** Suite Name */
            suite_name: string;
            summary: components["schemas"]["Summary"];
            /** Telemetry Ticks */
            telemetry_ticks: number;
        };
        /**
         * ResultFacets
         * @description How many results match, and how many would with another choice in one facet.
         *
         *     Not exact: counted among the newest `counted_most` of the time that was asked for, there are more.
         */
        ResultFacets: {
            /** Counted Most */
            counted_most: number;
            /** Facets */
            facets: components["schemas"]["FacetCounts"][];
            /** Is Exact */
            is_exact: boolean;
            /** Total */
            total: number;
        };
        /**
         * Results
         * @description A page of results, in the order that was asked for. `next` asks for the page after it.
         */
        Results: {
            /** Next */
            next: string | null;
            /** Results */
            results: components["schemas"]["ResultView"][];
        };
        /**
         * ResultValues
         * @description The samples of one result that count, in the order in which they were taken; `total` where some are left out.
         */
        ResultValues: {
            /**
             * Result Id
             * Format: uuid
             */
            result_id: string;
            /** Total */
            total: number;
            /** Values */
            values: number[];
        };
        /**
         * ResultView
         * @description One result in a list. `reasons` are the codes behind its grade. `series` is equal for results of one story.
         */
        ResultView: {
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            grade: components["schemas"]["Grade"];
            /** Headline */
            headline: {
                [key: string]: components["schemas"]["Estimate"];
            };
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Quantization */
            quantization: string | null;
            /** Reasons */
            reasons: string[];
            /** Sample Count */
            sample_count: number;
            /** Series */
            series: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            status: components["schemas"]["JobStatus"];
            /** Suite Hash */
            suite_hash: string;
            /** Suite Name */
            suite_name: string;
        };
        /**
         * Resync
         * @description The browser was too slow and missed changes: fetch everything anew.
         */
        Resync: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "resync";
        };
        /**
         * Retention
         * @description What would go now. `is_archived`: it is written to the archive before.
         */
        Retention: {
            /** Is Archived */
            is_archived: boolean;
            /** Items */
            items: components["schemas"]["RetentionItem"][];
        };
        /**
         * RetentionItem
         * @description One kind: kept for so many days (None: for ever), and what of it is too old now.
         *
         *     `rows_due` counts rows; `bytes_due` is what they are as JSON before compression, estimated from a hundred of them.
         *     What was written down of the jobs of an empty session is counted with the session, and in the log of jobs too.
         */
        RetentionItem: {
            /** Bytes Due */
            bytes_due: number;
            fate: components["schemas"]["Fate"];
            /** Kept Days */
            kept_days: number | null;
            kind: components["schemas"]["obt_server__retention__kinds__Kind"];
            /** Oldest */
            oldest: string | null;
            /** Rows Due */
            rows_due: number;
            /** Setting */
            setting: string;
        };
        /**
         * Role
         * @description What a person, or a program with a person's key, is for.
         * @enum {string}
         */
        Role: "viewer" | "operator" | "administrator";
        /**
         * RotateKey
         * @description Ask for a new key; the old one is good until the new one was used.
         */
        RotateKey: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "rotate_key";
        };
        /**
         * RunJob
         * @description One model of a run. `job_id` is drawn when the run begins: a server keeps it under that ID.
         */
        RunJob: {
            /**
             * Job Id
             * Format: uuid
             */
            job_id: string;
            model: components["schemas"]["InstalledModel"];
        };
        /**
         * RunReply
         * @description What a server says to an announced run. `created` is False where it had the run already.
         */
        RunReply: {
            /** Created */
            created: boolean;
            /** Jobs */
            jobs: components["schemas"]["StoredJob"][];
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
        };
        /**
         * Sample
         * @description One timed request. A metric that was not measured is None, never 0. Definitions: `obt_core.metrics`.
         */
        Sample: {
            /** Asked Prompt Tokens */
            asked_prompt_tokens?: number | null;
            /**
             * Block
             * @default 0
             */
            block: number;
            /** Cached Tokens */
            cached_tokens?: number | null;
            /**
             * Chunk Ms
             * @default []
             */
            chunk_ms: number[];
            clock: components["schemas"]["ClockSource"];
            /** Connect Ms */
            connect_ms?: number | null;
            /** Created Tpot Ms */
            created_tpot_ms?: number | null;
            /** Created Ttft Ms */
            created_ttft_ms?: number | null;
            /** Decode Tokens Per S */
            decode_tokens_per_s?: number | null;
            /** E2E Ms */
            e2e_ms?: number | null;
            end: components["schemas"]["EndReason"];
            /** Error */
            error?: string | null;
            /** Error Code */
            error_code?: string | null;
            /** First Answer Ms */
            first_answer_ms?: number | null;
            /**
             * Flags
             * @default []
             */
            flags: components["schemas"]["Flag"][];
            /** Generated Tokens */
            generated_tokens?: number | null;
            /** Lateness Ms */
            lateness_ms?: number | null;
            /** Load Ms */
            load_ms?: number | null;
            /**
             * Merged Chunks
             * @default 0
             */
            merged_chunks: number;
            /** Number */
            number: number;
            /** Ollama */
            ollama?: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Prefill Tokens Per S */
            prefill_tokens_per_s?: number | null;
            /** Prompt Tokens */
            prompt_tokens?: number | null;
            /** Queue Ms */
            queue_ms?: number | null;
            role: components["schemas"]["SampleRole"];
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Stream
             * @default 0
             */
            stream: number;
            /** Tls Ms */
            tls_ms?: number | null;
            /** Tpot Ms */
            tpot_ms?: number | null;
            /** Ttft Ms */
            ttft_ms?: number | null;
            /** Workload */
            workload: string;
        };
        /**
         * SampleBatch
         * @description Samples as they are taken. A number that is stored already is not stored again.
         */
        SampleBatch: {
            progress?: components["schemas"]["JobProgress"] | null;
            /** Samples */
            samples: components["schemas"]["Sample"][];
        };
        /**
         * SamplePoint
         * @description One sample as a chart of a running job needs it; its fields are those of `Sample`.
         *
         *     `gap_max_ms` and `lasted_ms` (from the send to the last byte that came) stand for its chunks.
         */
        SamplePoint: {
            /** Block */
            block: number;
            clock: components["schemas"]["ClockSource"];
            /** Decode Tokens Per S */
            decode_tokens_per_s: number | null;
            /** E2E Ms */
            e2e_ms: number | null;
            end: components["schemas"]["EndReason"];
            /** Error Code */
            error_code: string | null;
            /** First Answer Ms */
            first_answer_ms: number | null;
            /** Flags */
            flags: components["schemas"]["Flag"][];
            /** Gap Max Ms */
            gap_max_ms: number | null;
            /** Generated Tokens */
            generated_tokens: number | null;
            /** Lasted Ms */
            lasted_ms: number | null;
            /** Lateness Ms */
            lateness_ms: number | null;
            /** Load Ms */
            load_ms: number | null;
            /** Merged Chunks */
            merged_chunks: number;
            /** Number */
            number: number;
            /** Prefill Tokens Per S */
            prefill_tokens_per_s: number | null;
            /** Queue Ms */
            queue_ms: number | null;
            role: components["schemas"]["SampleRole"];
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Stream */
            stream: number;
            /** Tpot Ms */
            tpot_ms: number | null;
            /** Ttft Ms */
            ttft_ms: number | null;
            /** Workload */
            workload: string;
        };
        /**
         * SamplePoints
         * @description Samples of a job in the order of their numbers. `next` asks for those after them, if there are any now.
         */
        SamplePoints: {
            /** Next */
            next: number | null;
            /** Samples */
            samples: components["schemas"]["SamplePoint"][];
        };
        /**
         * SampleRole
         * @description Why a request was made. Warm-ups are kept, and never counted.
         * @enum {string}
         */
        SampleRole: "warmup" | "cold" | "measured";
        /**
         * SamplesReply
         * @description How many samples of the job the server holds now; `cancelled` asks the client to stop.
         */
        SamplesReply: {
            /** Cancelled */
            cancelled: boolean;
            /** Stored */
            stored: number;
        };
        /**
         * SampleValues
         * @description The values of one metric of one workload, result by result, each in the metric's unit.
         */
        SampleValues: {
            metric: components["schemas"]["Metric"];
            /** Results */
            results: components["schemas"]["ResultValues"][];
            /** Workload */
            workload: string;
        };
        /**
         * SavedSuite
         * @description A suite that a person keeps. `toml` is the file that `obt-client bench --suite` reads.
         */
        SavedSuite: {
            /** Budget S */
            budget_s: number;
            /** Context Tokens */
            context_tokens: number;
            /** Hash */
            hash: string;
            /** Samples Planned */
            samples_planned: number;
            /**
             * Saved
             * @default false
             */
            saved: boolean;
            /**
             * Saved At
             * Format: date-time
             */
            saved_at: string;
            /** Shipped */
            shipped: boolean;
            suite: components["schemas"]["Suite"];
            /** Toml */
            toml: string;
        };
        /**
         * SendHardware
         * @description The server does not have the hardware with this fingerprint.
         */
        SendHardware: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "send_hardware";
        };
        /**
         * SendModels
         * @description The server does not have the inventory with this hash.
         */
        SendModels: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "send_models";
        };
        /**
         * SeriesList
         * @description A page of series, that which was measured last first. `next` asks for the page after it.
         */
        SeriesList: {
            /** Next */
            next: string | null;
            /** Series */
            series: components["schemas"]["SeriesView"][];
        };
        /**
         * SeriesView
         * @description One series on one client: what a trend is drawn of. `offload`: gpu, cpu, split or unknown.
         */
        SeriesView: {
            /** Client Id */
            client_id: string;
            /** Client Name */
            client_name: string;
            /**
             * First Ended At
             * Format: date-time
             */
            first_ended_at: string;
            /**
             * Last Ended At
             * Format: date-time
             */
            last_ended_at: string;
            /** Model */
            model: string;
            /** Model Digest */
            model_digest: string;
            /** Offload */
            offload: string;
            /** Quantization */
            quantization: string | null;
            /** Result Count */
            result_count: number;
            /** Series */
            series: string;
            /** Suite Hash */
            suite_hash: string;
            /** Suite Name */
            suite_name: string;
        };
        /**
         * SessionChanged
         * @description A session is new, or the counts of its jobs changed.
         */
        SessionChanged: {
            session: components["schemas"]["SessionView"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "session_changed";
        };
        /**
         * SessionDetail
         * @description A session with the first of its jobs. `jobs_next` is where to go on asking for the others, if there are any.
         */
        SessionDetail: {
            /** Asked By */
            asked_by: string | null;
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Jobs */
            jobs: components["schemas"]["JobView"][];
            /** Jobs Next */
            jobs_next?: number | null;
            /** Not Before */
            not_before: string | null;
            state: components["schemas"]["SessionState"];
            suite: components["schemas"]["Suite"];
            /** Suite Hash */
            suite_hash: string;
            /** Suite Name */
            suite_name: string;
            /** Title */
            title: string;
        };
        /**
         * SessionPlan
         * @description A session as it would become now. Nothing of it is stored.
         *
         *     `estimate_s` is over all: clients work at the same time, so many of them as the server lets. The time of jobs that
         *     are ahead is not in it. `fresh_for_s`: how long a clean result stands for a measurement; `offline_wait_s`: how long
         *     a job waits for a client that is not there.
         */
        SessionPlan: {
            /** Clients */
            clients: components["schemas"]["PlannedClient"][];
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /** Estimate S */
            estimate_s: number;
            /** Fresh For S */
            fresh_for_s: number;
            /** Is Bound */
            is_bound: boolean;
            /** Offline Wait S */
            offline_wait_s: number;
            /** Pairs */
            pairs: components["schemas"]["PlannedPair"][];
            suite: components["schemas"]["SuiteView"];
        };
        /**
         * Sessions
         * @description A page of sessions, newest first. `next` asks for the page after it.
         */
        Sessions: {
            /** Next */
            next: string | null;
            /** Sessions */
            sessions: components["schemas"]["SessionView"][];
        };
        /**
         * SessionState
         * @description `partial`: some jobs completed, others failed, were cancelled, skipped or lost.
         * @enum {string}
         */
        SessionState: "queued" | "running" | "completed" | "partial" | "failed" | "cancelled";
        /**
         * SessionView
         * @description One session in a list.
         *
         *     Until `not_before` nobody begins with it. `asked_by`: None where it was not kept, or uploaded by a client.
         */
        SessionView: {
            /** Asked By */
            asked_by: string | null;
            /** Counts */
            counts: {
                [key: string]: number;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Ended At */
            ended_at: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Not Before */
            not_before: string | null;
            state: components["schemas"]["SessionState"];
            /** Suite Hash */
            suite_hash: string;
            /** Suite Name */
            suite_name: string;
            /** Title */
            title: string;
        };
        /**
         * Setup
         * @description The first administrator. `secret` is what the server printed when it started: the part after `#setup=`.
         */
        Setup: {
            /** Email */
            email?: string | null;
            /** Name */
            name: string;
            /** Password */
            password: string;
            /** Secret */
            secret: string;
        };
        /**
         * SignIn
         * @description A person's name or e-mail address, and their password.
         */
        SignIn: {
            /** Name Or Email */
            name_or_email: string;
            /** Password */
            password: string;
        };
        /**
         * SignInLink
         * @description The secret of a sign-in link: the part after its #.
         */
        SignInLink: {
            /** Secret */
            secret: string;
        };
        /**
         * SkipReason
         * @description Why a job was never run.
         * @enum {string}
         */
        SkipReason: "not_installed" | "embeddings_only" | "cloud_model" | "does_not_fit" | "offline" | "client_outdated" | "server_outdated" | "not_allowed" | "drained";
        /**
         * Snapshot
         * @description How things stand: all clients that are not archived, the sessions that are not done, operations not ended.
         *
         *     The first message, where no parts of it came ahead.
         *     Of operations at most 1,000: those that run, then those that wait.
         */
        Snapshot: {
            /** Clients */
            clients: components["schemas"]["ClientView"][];
            /** Operations */
            operations: components["schemas"]["OperationView"][];
            /**
             * Server Time
             * Format: date-time
             */
            server_time: string;
            /** Server Version */
            server_version: string;
            /** Sessions */
            sessions: components["schemas"]["SessionView"][];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "snapshot";
        };
        /**
         * SnapshotPart
         * @description The first clients of many, ahead of the snapshot that has the last of them and all else.
         *
         *     A browser reads a long message in one go and answers no key meanwhile: so it has many short ones.
         */
        SnapshotPart: {
            /** Clients */
            clients: components["schemas"]["ClientView"][];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "snapshot_part";
        };
        /**
         * Stage
         * @description Where a session stands in time. What is scheduled is open, too.
         * @enum {string}
         */
        Stage: "open" | "scheduled" | "ended";
        /**
         * StoredJob
         * @description How a server holds a job of a run that was handed to it.
         */
        StoredJob: {
            /**
             * Job Id
             * Format: uuid
             */
            job_id: string;
            /** Samples Stored */
            samples_stored: number;
            status: components["schemas"]["JobStatus"];
        };
        /**
         * Suite
         * @description Workloads with the options they share. `warmup_max` bounds the requests before the first sample.
         *
         *     With `blocks` above 1 every workload's samples are taken in so many parts, and in each block the workloads follow
         *     each other in an order that is shuffled anew, so that a drift of the machine does not look like a difference.
         */
        Suite: {
            /**
             * Blocks
             * @default 1
             */
            blocks: number;
            /**
             * Description
             * @default
             */
            description: string;
            /** Name */
            name: string;
            /**
             * @default {
             *       "keep_alive_s": 300,
             *       "num_ctx": 2048,
             *       "seed": 1,
             *       "temperature": 0,
             *       "think": false
             *     }
             */
            options: components["schemas"]["ModelOptions"];
            /**
             * Request Timeout S
             * @default 300
             */
            request_timeout_s: number;
            /** Title */
            title: string;
            /**
             * Warmup Max
             * @default 5
             */
            warmup_max: number;
            /** Workloads */
            workloads: components["schemas"]["Workload"][];
        };
        /**
         * SuiteProblem
         * @description One thing that is wrong. Lines count from 1, and so do the places of workloads: `workloads[2].samples`.
         */
        SuiteProblem: {
            /** Line */
            line: number;
            /** Place */
            place: string;
            /** Text */
            text: string;
        };
        /**
         * Suites
         * @description All suites: shipped ones first.
         */
        Suites: {
            /** Suites */
            suites: components["schemas"]["SuiteView"][];
        };
        /**
         * SuiteToCheck
         * @description Either the text of a suite's file, or a suite as an editor has it, whatever it is.
         */
        SuiteToCheck: {
            /** Suite */
            suite?: {
                [key: string]: unknown;
            } | null;
            /** Text */
            text?: string | null;
        };
        /**
         * SuiteToSave
         * @description A suite to be kept. It takes the name that it is kept under.
         */
        SuiteToSave: {
            suite: components["schemas"]["Suite"];
        };
        /**
         * SuiteView
         * @description A suite with what follows from it.
         *
         *     `budget_s`: the longest its sampling of one model may take. `context_tokens`: the largest context that it asks for.
         *     `saved`: kept under its name by a person.
         */
        SuiteView: {
            /** Budget S */
            budget_s: number;
            /** Context Tokens */
            context_tokens: number;
            /** Hash */
            hash: string;
            /** Samples Planned */
            samples_planned: number;
            /**
             * Saved
             * @default false
             */
            saved: boolean;
            /** Shipped */
            shipped: boolean;
            suite: components["schemas"]["Suite"];
        };
        /**
         * Summary
         * @description What a result says: of each metric, the first workload that measured it; of prefill, the longest prompt.
         */
        Summary: {
            /** Headline */
            headline: {
                [key: string]: components["schemas"]["Estimate"];
            };
            /** Workloads */
            workloads: components["schemas"]["WorkloadSummary"][];
        };
        /**
         * SyntheticPrompt
         * @description A prompt of about so many tokens for the model at hand, made of common words after a nonce.
         */
        SyntheticPrompt: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "synthetic";
            /** Tokens */
            tokens: number;
        };
        /**
         * System
         * @description An operating system that has a line of its own.
         * @enum {string}
         */
        System: "linux" | "macos" | "windows";
        /**
         * Telemetry
         * @description A series, or consecutive ticks of one. Channels do not change within a job.
         */
        Telemetry: {
            /** Channels */
            channels: components["schemas"]["Channel"][];
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Ticks */
            ticks: components["schemas"]["Tick"][];
        };
        /**
         * TelemetryBatch
         * @description Ticks as they are taken. `first` is how many the job had before them.
         *
         *     Those that are stored already change nothing; after a gap nothing is stored.
         */
        TelemetryBatch: {
            /** First */
            first: number;
            telemetry: components["schemas"]["Telemetry"];
        };
        /**
         * TelemetryReply
         * @description How many ticks the server holds now; `cancelled` asks the client to stop.
         */
        TelemetryReply: {
            /**
             * Cancelled
             * @default false
             */
            cancelled: boolean;
            /** Stored */
            stored: number;
        };
        /**
         * TextPrompt
         * @description A prompt as a person would write it. A nonce is put before it, so that no cache serves it.
         */
        TextPrompt: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "text";
            /** Text */
            text: string;
        };
        /**
         * ThroughputPoint
         * @description What so many requests at once came to. `tokens_per_s` is of all of them together; None where not measured.
         */
        ThroughputPoint: {
            /** Concurrency */
            concurrency: number;
            decode: components["schemas"]["Estimate"] | null;
            /** Requests Per S */
            requests_per_s: number | null;
            /** Tokens Per S */
            tokens_per_s: number | null;
            ttft: components["schemas"]["Estimate"] | null;
            /** Workload */
            workload: string;
        };
        /**
         * Tick
         * @description All channels at one moment, `at_ms` after the series began.
         *
         *     What is per second, and what is a percentage of time, is over the time since the tick before it.
         */
        Tick: {
            /** At Ms */
            at_ms: number;
            /** Values */
            values: (number | null)[];
        };
        /**
         * Trend
         * @description A series on one client: its points, newest first, and what changed between them.
         *
         *     `next` asks for older ones. `siblings` are the same client's other series of that model's name and suite.
         */
        Trend: {
            /** Events */
            events: components["schemas"]["TrendEvent"][];
            /** Next */
            next: string | null;
            /** Points */
            points: components["schemas"]["TrendPoint"][];
            series: components["schemas"]["SeriesView"];
            /** Siblings */
            siblings: components["schemas"]["SeriesView"][];
        };
        /**
         * TrendEvent
         * @description What changed before a result, seen from the result before it; `name` tells which of several.
         *
         *     `series` is set where the model's name got another series: that is the one which begins here.
         */
        TrendEvent: {
            /** After */
            after: string | number | boolean | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: string | number | boolean | null;
            /** Code */
            code: string;
            /** Name */
            name: string;
            /** Result Id */
            result_id: string | null;
            /** Series */
            series: string | null;
        };
        /**
         * TrendPoint
         * @description One result of a series.
         */
        TrendPoint: {
            /**
             * Ended At
             * Format: date-time
             */
            ended_at: string;
            grade: components["schemas"]["Grade"];
            /** Headline */
            headline: {
                [key: string]: components["schemas"]["Estimate"];
            };
            /** Reasons */
            reasons: string[];
            /**
             * Result Id
             * Format: uuid
             */
            result_id: string;
            status: components["schemas"]["JobStatus"];
        };
        /**
         * Unload
         * @description Take a model out of memory.
         */
        Unload: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "unload";
            /** Model */
            model: string;
        };
        /**
         * VerdictCode
         * @description What a comparison came to. `no_difference` is no proof that there is none; `not_settled`: too few to tell.
         * @enum {string}
         */
        VerdictCode: "faster" | "slower" | "no_difference" | "not_settled" | "too_few" | "not_comparable";
        /**
         * VersionState
         * @description How a client's release stands to this server's. One that is `too_old` or `too_new` is given no work.
         * @enum {string}
         */
        VersionState: "current" | "older" | "newer" | "too_old" | "too_new";
        /**
         * WaitReason
         * @description Why a queued job is not done yet. `busy`: its client does something else; `turn`: somebody else's comes first.
         * @enum {string}
         */
        WaitReason: "scheduled" | "offline" | "drained" | "busy" | "limit" | "tag_limit" | "turn";
        /**
         * Waits
         * @description Why the queued jobs of a session wait, by the ID of their client; null: it is about to take the next.
         */
        Waits: {
            /** Clients */
            clients: {
                [key: string]: components["schemas"]["WaitReason"] | null;
            };
        };
        /**
         * WantedPair
         * @description One model on one client.
         */
        WantedPair: {
            /** Client Id */
            client_id: string;
            /** Model */
            model: string;
        };
        /**
         * WheelsOf
         * @description Whether this server has the third-party wheels for one platform and one Python.
         */
        WheelsOf: {
            /**
             * Platform
             * @example linux-x86_64
             */
            platform: string;
            /** Present */
            present: number;
            /**
             * Python
             * @example 3.12
             */
            python: string;
            /**
             * Wanted
             * @description How many wheels the client needs there.
             */
            wanted: number;
        };
        /**
         * Work
         * @description A claim would succeed now.
         */
        Work: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            kind: "work";
        };
        /**
         * Workload
         * @description One kind of request: what is asked, how much is generated, who sends when, how often.
         *
         *     Without `arrival`, `concurrency` requests are kept under way, each sent when the one before it has ended (closed
         *     loop). `cold` unloads the model before every sample, so that its load is measured. `cache`: `defeat` puts a nonce
         *     that was never used before every prompt; `reuse` sends the very same prompt again, to measure what a cache saves.
         *     `num_ctx` replaces that of the options. Sampling ends when `precision` is reached (without it: never early), after
         *     `samples` requests, or after `budget_s` seconds, whichever comes first.
         */
        Workload: {
            /** Arrival */
            arrival?: (components["schemas"]["ConstantArrival"] | components["schemas"]["PoissonArrival"] | components["schemas"]["ReplayArrival"]) | null;
            /** Budget S */
            budget_s: number;
            /**
             * Cache
             * @default defeat
             * @enum {string}
             */
            cache: "defeat" | "reuse";
            /**
             * Cold
             * @default false
             */
            cold: boolean;
            /**
             * Concurrency
             * @default 1
             */
            concurrency: number;
            /**
             * Endpoint
             * @default chat
             * @enum {string}
             */
            endpoint: "chat" | "generate" | "openai_chat" | "openai_completions";
            /** Generate Tokens */
            generate_tokens: number;
            limits?: components["schemas"]["Limits"] | null;
            /** Name */
            name: string;
            /** Num Ctx */
            num_ctx?: number | null;
            precision?: components["schemas"]["Precision"] | null;
            /** Prompt */
            prompt: components["schemas"]["TextPrompt"] | components["schemas"]["SyntheticPrompt"];
            /**
             * Purpose
             * @default
             */
            purpose: string;
            /** Samples */
            samples: number;
        };
        /**
         * WorkloadSummary
         * @description One workload's numbers. `taken` counts all its samples but warm-ups; `counted` those that entered.
         *
         *     Figures per second are over the time that its bursts took: `requests_per_s` of requests that ended well,
         *     `goodput_per_s` of those that met every limit of the workload, `throughput_tokens_per_s` of their tokens over all
         *     streams. `slots_seen` is how many requests generated at one time at most. `precise` tells whether the precision
         *     that was asked for was reached, None where none was. `disturbed` counts samples taken while the machine was not
         *     quiet, `disturbed_by` names their flags; `counts_disturbed` says that they are counted all the same, since most of
         *     them were.
         */
        WorkloadSummary: {
            /** Counted */
            counted: number;
            /**
             * Counts Disturbed
             * @default false
             */
            counts_disturbed: boolean;
            /**
             * Disturbed
             * @default 0
             */
            disturbed: number;
            /**
             * Disturbed By
             * @default []
             */
            disturbed_by: string[];
            energy?: components["schemas"]["EnergyUse"] | null;
            /** Goodput Per S */
            goodput_per_s?: number | null;
            /** Lateness P50 Ms */
            lateness_p50_ms?: number | null;
            /** Lateness P99 Ms */
            lateness_p99_ms?: number | null;
            /** Metrics */
            metrics: {
                [key: string]: components["schemas"]["Estimate"];
            };
            /** Precise */
            precise?: boolean | null;
            /** Requests Per S */
            requests_per_s?: number | null;
            /** Slots Seen */
            slots_seen?: number | null;
            /** Taken */
            taken: number;
            /** Throughput Tokens Per S */
            throughput_tokens_per_s?: number | null;
            /** Workload */
            workload: string;
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
    list_api_keys: {
        parameters: {
            query?: {
                /** @description Those of everybody: for administrators. */
                all?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeys"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description What was done, or how its name begins: `client.`. */
                action?: string | null;
                /** @description Part of the name of who did it. */
                actor?: string | null;
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description Done then or later. */
                from?: string | null;
                /** @description Rows a page. */
                limit?: number;
                /** @description Part of what it was done to. */
                subject?: string | null;
                /** @description Done before. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_audit: {
        parameters: {
            query?: {
                /** @description What was done, or how its name begins: `client.`. */
                action?: string | null;
                /** @description Part of the name of who did it. */
                actor?: string | null;
                /** @description Of the file. */
                format?: components["schemas"]["LogFormat"];
                /** @description Done then or later. */
                from?: string | null;
                /** @description Part of what it was done to. */
                subject?: string | null;
                /** @description Done before. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/csv; charset=utf-8": unknown;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    use_sign_in_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInLink"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    who_am_i: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    begin_oidc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On to another page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    finish_oidc: {
        parameters: {
            query?: {
                code?: string;
                error?: string;
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description On to another page */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reset"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_my_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrowserSessions"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end_my_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Setup"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in_by_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auth_state: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthState"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_clients: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientsChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientsChanged"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_clients: {
        parameters: {
            query?: {
                /** @description Those that are archived, in place of those that are not. */
                archived?: boolean;
                include_offline?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clients"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrol_client: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrolmentRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClientChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    archive_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drain_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_hardware: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientHardware"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_hardware: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HardwareSnapshot"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    beat: {
        parameters: {
            query?: never;
            header?: {
                /** @description `wait=10` lets the reply be held. */
                prefer?: string | null;
            };
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Heartbeat"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeartbeatReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_next_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NextKeyReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_models: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelInventory"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_presence: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description Rows a page. */
                limit?: number;
            };
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PresenceHistory"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restore_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resume_client: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotate_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    announce_run: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnnouncedRun"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compare_results: {
        parameters: {
            query: {
                /** @description Repeated; the first is the baseline. */
                result_id: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComparisonView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compare_samples: {
        parameters: {
            query: {
                metric: components["schemas"]["Metric"];
                /** @description Repeated; the first is the baseline. */
                result_id: string[];
                workload: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SampleValues"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_downloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Downloads"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_enrolment_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentTokens"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_enrolment_token: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEnrolmentToken"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedEnrolmentToken"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_enrolment_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_report: {
        parameters: {
            query: {
                result_id: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_results: {
        parameters: {
            query?: {
                client_id?: string[];
                family?: string[];
                /** @description Ended then or later. */
                from?: string | null;
                grade?: components["schemas"]["Grade"][];
                model?: string[];
                /** @description Each word is in the model's, the client's or the suite's name. */
                q?: string;
                quantization?: string[];
                series?: string | null;
                session_id?: string | null;
                /** @description As of `GET /results`. */
                sort?: string;
                status?: components["schemas"]["JobStatus"][];
                suite?: string[];
                /** @description Of the client. */
                tag?: string[];
                /** @description Ended before. */
                to?: string | null;
            };
            header?: never;
            path: {
                kind: components["schemas"]["Format"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/csv; charset=utf-8": unknown;
                    "text/markdown; charset=utf-8": unknown;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_outcome: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobOutcome"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutcomeReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_samples: {
        parameters: {
            query?: {
                /** @description The number of the last sample known. */
                after?: number;
                /** @description Rows a page. */
                limit?: number;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SamplePoints"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_samples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SampleBatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SamplesReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_summary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Summary"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_telemetry: {
        parameters: {
            query?: {
                /** @description At most so many ticks; without it, all that there are. */
                points?: number | null;
            };
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Telemetry"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_telemetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TelemetryBatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TelemetryReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_job: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A snapshot; the socket's other messages stand here for their types */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_models: {
        parameters: {
            query?: {
                /** @description Only this client's; none if it is not there. */
                client_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Models"];
                };
            };
            /** @description Nothing changed since the answer with that ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_operations: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description Repeated: one of these. */
                batch_id?: string[];
                /** @description Repeated: one of these. */
                client_id?: string[];
                /** @description Repeated: one of these. */
                kind?: components["schemas"]["OperationKind"][];
                /** @description Rows a page. */
                limit?: number;
                /** @description Repeated: one of these. */
                model?: string[];
                /** @description Repeated: one of these. */
                status?: components["schemas"]["OperationStatus"][];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_operations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOperations"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operations"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_operation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_operation_outcome: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationOutcome"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationOutcomeReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    post_operation_progress: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OperationProgress"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationProgressReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_operation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                operation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_operation_batch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Operations"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    claim_operation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationClaimReply"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_people: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["People"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_person: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPerson"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedPerson"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_reset_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                person_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResetLink"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_prompts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompts"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptToSave"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forget_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_results: {
        parameters: {
            query?: {
                /** @description `next` of the page before, in that order. */
                after?: string | null;
                client_id?: string[];
                family?: string[];
                /** @description Ended then or later. */
                from?: string | null;
                grade?: components["schemas"]["Grade"][];
                /** @description Rows a page. */
                limit?: number;
                model?: string[];
                /** @description Each word is in the model's, the client's or the suite's name. */
                q?: string;
                quantization?: string[];
                series?: string | null;
                session_id?: string | null;
                /** @description What comes first; with a `-` before it, what comes last. By words, equals are newest first. */
                sort?: string;
                status?: components["schemas"]["JobStatus"][];
                suite?: string[];
                /** @description Of the client. */
                tag?: string[];
                /** @description Ended before. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Results"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_result: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                result_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    count_results: {
        parameters: {
            query?: {
                client_id?: string[];
                family?: string[];
                /** @description Ended then or later. */
                from?: string | null;
                grade?: components["schemas"]["Grade"][];
                model?: string[];
                /** @description Each word is in the model's, the client's or the suite's name. */
                q?: string;
                quantization?: string[];
                series?: string | null;
                session_id?: string | null;
                status?: components["schemas"]["JobStatus"][];
                suite?: string[];
                /** @description Of the client. */
                tag?: string[];
                /** @description Ended before. */
                to?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResultFacets"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_latest: {
        parameters: {
            query?: {
                client_id?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestResults"];
                };
            };
            /** @description Nothing changed since the answer with that ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_latest_columns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestColumns"];
                };
            };
            /** @description Nothing changed since the answer with that ETag */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_retention: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_series: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                client_id?: string | null;
                /** @description Rows a page. */
                limit?: number;
                model?: string | null;
                /** @description Words of names. */
                q?: string;
                suite?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeriesList"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_series: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                client_id?: string | null;
                /** @description Results a page. */
                limit?: number;
            };
            header?: never;
            path: {
                series: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trend"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: string | null;
                /** @description Rows a page. */
                limit?: number;
                /** @description A part of the title. */
                q?: string | null;
                stage?: components["schemas"]["Stage"] | null;
                suite?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session_detail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionDetail"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_jobs: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                after?: number;
                /** @description Rows a page. */
                limit?: number;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsPage"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_log: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                before?: number | null;
                job_id?: string | null;
                /** @description Rows a page. */
                limit?: number;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobLog"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_waits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Waits"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_again: {
        parameters: {
            query: {
                result_id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Again"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPlan"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_suites: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suites"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_suite: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuiteToCheck"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedSuite"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_saved_suite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedSuite"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_suite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuiteToSave"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedSuite"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forget_suite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
