import { assumed, documented, own, type Rule, recorded, tolerated } from './rule.ts'

/** The endpoints of the Send API, the Domain API, the token services and the file storage. */
export const endpointRules = [
  {
    id: 'EP-1',
    text: 'SEND is `POST https://{asyncMessagingEnt}/api/account/{accountId}/messaging/consumer/conversation/send?v=3` and takes one action per call.',
    ...documented('SEND'),
  },
  {
    id: 'EP-2',
    text: 'CONVERSATION is `POST https://{asyncMessagingEnt}/api/account/{accountId}/messaging/consumer/conversation?v=3`: it takes a batch of at least two requests and answers with 200 and an array in the same order.',
    ...documented('CONVERSATION'),
  },
  {
    id: 'EP-3.1',
    text: 'Another API version than 3 in `v` is answered with HTTP 404.',
    ...documented('RN LE-94525'),
  },
  {
    id: 'EP-3.2',
    text: 'The text of `v` must be exactly `3`: `3.0`, `03`, a repeated `v` and a missing `v` are answered with 404 as well. The body of this 404 is a choice of Sendbox too.',
    ...assumed(),
  },
  {
    id: 'EP-4.1',
    text: 'SEND is not a batch endpoint.',
    ...documented('SEND'),
  },
  {
    id: 'EP-4.2',
    text: 'An array sent to SEND is refused with 400.',
    ...assumed(),
  },
  {
    id: 'EP-5.1',
    text: 'Domain API, one service: `GET /api/account/{accountId}/service/{serviceName}/baseURI.json?version=1.0`. Service names are case sensitive.',
    ...documented(),
  },
  {
    id: 'EP-5.2',
    text: 'The Domain API answers for one service with the object `{service, account, baseURI}`, in which `baseURI` is a host without scheme (in Sendbox host:port of the request; setting `domainApi.hosts`).',
    ...tolerated(),
    contradiction: {
      sides: [
        {
          statement: 'The answer is `{baseURIs:[…]}`.',
          source: 'documentation (page of the Domain API)',
        },
        { statement: 'The answer is a bare array.', source: 'documentation (OpenAPI file)' },
        {
          statement: 'The answer is the object `{service, account, baseURI}`.',
          source: 'clients in use',
        },
      ],
      followed: 'The object `{service, account, baseURI}`.',
      setting: 'domainApi.single',
    },
  },
  {
    id: 'EP-5.3',
    text: 'With the setting `domainApi.trustProxy` the host that the Domain API names is that of `X-Forwarded-Host`, without the port that `X-Forwarded-Proto` implies; otherwise neither header counts.',
    ...own(),
  },
  {
    id: 'EP-6.1',
    text: 'Domain API, all services: `GET /api/account/{accountId}/service/baseURI.json?version=1.0` is answered with `{baseURIs:[{service, account, baseURI}]}`; http and https alike.',
    ...recorded('demo'),
  },
  {
    id: 'EP-6.2',
    text: 'The Domain API for all services is called without `.json` as well: `GET /api/account/{accountId}/service/baseURI?version=1.0`.',
    ...tolerated(),
  },
  {
    id: 'EP-7.1',
    text: 'Domain API: a missing `version` or another one than `1.0` is answered with 400, an account that is configured as unknown with 401.',
    ...documented(),
  },
  {
    id: 'EP-7.2',
    text: 'Domain API: an unknown service is answered with 404.',
    ...assumed(),
  },
  {
    id: 'EP-8.1',
    text: 'The services of the Domain API are `asyncMessagingEnt`, `sentinel`, `idp`, `swift`, `accountConfigReadWrite`, `msgHist` and `agentVep`.',
    ...recorded('demo'),
  },
  {
    id: 'EP-8.2',
    text: 'Services that Sendbox does not implement resolve in the Domain API too, and answer 501 with a hint. So do the paths of siblings that connectors confuse with this API: `/messaging/v1/…` (Messaging REST API, whose header is `LP-ON-BEHALF`), `/ws_api/account/…` (WebSocket, also as an Upgrade) and `/csdr/…`.',
    ...own(),
  },
  {
    id: 'EP-8.3',
    text: 'The Domain API names `messagingRestApiDomain` as well, the Messaging REST API.',
    ...documented('REST API page'),
  },
  {
    id: 'EP-8.4',
    text: 'Clients ask the Domain API for `faasGW`, `faasUI`, `facadeMsg`, `appMgmtSvcDomain` and `agentManagerWorkspace` as well.',
    ...tolerated(),
  },
  {
    id: 'EP-8.5',
    text: 'With the setting `domainApi.hosts` `production` the Domain API names a host of its own for each service, without a port and in the form of LivePerson: `va.msg.liveperson.net` for `asyncMessagingEnt`, `va.sentinel.liveperson.net` for `sentinel` and so on. Every path of a host whose service Sendbox does not implement is answered with 501.',
    ...own(),
  },
  {
    id: 'EP-8.6',
    text: 'A host serves the paths of its own service: the paths of another one are 404 40452 there, and so are those of a service on the hosts of the Domain API, `api.liveperson.net` and `adminlogin.liveperson.net`. In Sendbox with the setting `domainApi.hosts` `production`.',
    ...assumed(),
  },
  {
    id: 'EP-9',
    text: 'An AppJWT is fetched with `POST https://{sentinel}/sentinel/api/account/{accountId}/app/token?v=1.0&grant_type=client_credentials` and a form body with `client_id` and `client_secret`. The answer is 200 `{access_token, token_type:"Bearer"}` with Content-Type `application/json;charset=utf-8`.',
    ...documented('AUTH'),
  },
  {
    id: 'EP-10.1',
    text: 'All four token parameters of EP-9 (`v`, `grant_type`, `client_id`, `client_secret`) may stand in the query, with an empty body.',
    ...recorded('demo'),
  },
  {
    id: 'EP-10.2',
    text: 'With all four token parameters in the query (EP-10.1) the body may also be a JSON `{}`; `v=2.0` is used too.',
    ...tolerated(),
  },
  {
    id: 'EP-11',
    text: 'The token answer has `expires_in: 3600`, the lifetime of AUTH-3, which some clients read; on by default, setting `token.expiresIn`.',
    ...tolerated(),
    contradiction: {
      sides: [
        { statement: 'The token answer has `expires_in: 3600`.', source: 'some clients' },
        {
          statement: 'The sample of the token answer has no `expires_in`.',
          source: 'AUTH (sample)',
        },
      ],
      followed: 'The token answer has `expires_in: 3600`.',
      setting: 'token.expiresIn',
    },
  },
  {
    id: 'EP-12.1',
    text: 'The errors of the token endpoint follow OAuth 2.0 (RFC 6749, section 5.2).',
    ...documented(),
  },
  {
    id: 'EP-12.2',
    text: 'Token errors: a missing `grant_type` is answered with 400 `invalid_request`, another `grant_type` with 400 `unsupported_grant_type`, a missing or wrong client with 401 `invalid_client`; each with `error_description`.',
    ...assumed(),
  },
  {
    id: 'EP-12a',
    text: 'The token endpoint takes the credentials of the client as HTTP Basic (RFC 6749, section 2.3.1) in as-service mode; nothing public says whether LivePerson supports it. Basic together with credentials in query or form is answered with 400 `invalid_request`, credentials in a JSON or multipart body with 401 `invalid_client`.',
    ...assumed(),
  },
  {
    id: 'EP-13',
    text: 'A ConsumerJWS is fetched with `POST https://{idp}/api/account/{accountId}/consumer?v=1.0`, JSON `{ext_consumer_id}` and `Authorization: <AppJWT>`; the answer is 201 `{token}`.',
    ...documented('AUTH'),
  },
  {
    id: 'EP-14.1',
    text: 'The query of EP-13 (`v=1.0`) may be missing.',
    ...tolerated(),
  },
  {
    id: 'EP-14.2',
    text: 'Errors of EP-13: faults of the AppJWT are answered as AUTH-5 and AUTH-6 say; an `ext_consumer_id` that is not a non-empty string is answered with 400 40052.',
    ...assumed(),
  },
  {
    id: 'EP-15',
    text: 'Storage: `PUT https://{swift}{relativePath}?temp_url_sig=…&temp_url_expires=…` with the raw bytes is answered with 201, and with 401 where the signature is bad or past its time; `GET` the same way downloads.',
    ...documented('EXAMPLES'),
  },
  {
    id: 'EP-16',
    text: 'Storage takes one or two slashes before `v1`, because the page writes a slash before a path that begins with one. No `Authorization` is needed. A successful GET is answered with 200, a file that was never uploaded with 404. The signature of an upload is good for PUT only, that of a download for GET only.',
    ...assumed(),
  },
  {
    id: 'EP-17.1',
    text: 'Storage answers OPTIONS and sends CORS headers (`Access-Control-Allow-Origin: *`) where the request has an `Origin`, so that a browser uploads and downloads.',
    ...recorded('demo'),
  },
  {
    id: 'EP-17.2',
    text: 'The Domain API answers OPTIONS and sends CORS headers as the storage does (EP-17.1).',
    ...assumed(),
  },
  {
    id: 'EP-18.1',
    text: 'An agent logs in with `POST https://{agentVep}/api/account/{accountId}/login?v=1.x` and JSON `{username, password}`; the answer is 200 `{bearer, sessionTTl, config {userId, loginName, isAdmin}, csdsCollectionResponse {baseURIs}}`.',
    ...recorded('demo'),
  },
  {
    id: 'EP-18.2',
    text: 'Who may log in is the setting `agentLogin`: with `"loopback"` (the default) anybody where the mock is asked on a loopback address and nobody elsewhere, with `"everybody"` anybody, with `"nobody"` nobody. All others are answered with 401 40152.',
    ...own(),
  },
  {
    id: 'EP-19.1',
    text: 'App installs: `GET https://{accountConfigReadWrite}/api/account/{accountId}/configuration/app-install/installations[/{id}]?v=1.0` lists them or shows one, with a revision in the header `ac-revision`; `PUT` with that revision in `If-Match` replaces one, also as POST with `X-HTTP-Method-Override: PUT`. The calls have `Authorization: Bearer <bearer of EP-18>`. An install has client_name, description, enabled, grant_types, response_types, scope, logo_uri, capabilities, client_id, client_secret, id, client_id_issued_at, client_secret_expires_at and deleted.',
    ...recorded('demo'),
  },
  {
    id: 'EP-19.2',
    text: 'App installs: a bearer that is missing, wrong, of another account or past its time is answered with 401 40153, an unknown id with 404 40455, an `If-Match` that is missing or stale with 412 41250. The id is the client id. `DELETE` with `If-Match` gives the default install back.',
    ...assumed(),
  },
] as const satisfies readonly Rule[]
