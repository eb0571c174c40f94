/*
 * The client of one deployed stage: apigClientFactory.newClient(config) returns an object with a function for each
 * method of the API, called as apigClient.NAME(params, body, additionalParams), which returns a promise.
 */
var apigClientFactory = {};

apigClientFactory.newClient = function (config) {
    var invokeUrl = '$invoke_url';
    var endpoint = /(^https?:\/\/[^\/]+)/.exec(invokeUrl)[1];
    var pathComponent = invokeUrl.slice(endpoint.length);
    var apigClient = {};

    function setDefault(name, value) {
        if (config[name] === undefined) {
            config[name] = value;
        }
    }

    if (config === undefined) {
        config = {accessKey: '', secretKey: '', sessionToken: '', region: '', apiKey: undefined};
    }
    setDefault('accessKey', '');
    setDefault('secretKey', '');
    setDefault('sessionToken', '');
    setDefault('region', 'us-east-1');
    setDefault('apiKey', '');
    setDefault('defaultContentType', 'application/json');
    setDefault('defaultAcceptType', 'application/json');

    var authType = config.accessKey && config.secretKey ? 'AWS_IAM' : 'NONE';
    var plain = {
        endpoint: endpoint,
        defaultContentType: config.defaultContentType,
        defaultAcceptType: config.defaultAcceptType
    };
    var apiGatewayClient = apiGateway.core.apiGatewayClientFactory.newClient(plain, {
        accessKey: config.accessKey,
        secretKey: config.secretKey,
        sessionToken: config.sessionToken,
        serviceName: 'execute-api',
        region: config.region,
        endpoint: endpoint,
        defaultContentType: config.defaultContentType,
        defaultAcceptType: config.defaultAcceptType
    });

    // `names` lists the method's declared parameters: those in the path, the headers and the query, and all that
    // must be given.
    function call(verb, path, names, params, body, additionalParams) {
        var utils = apiGateway.core.utils;
        if (additionalParams === undefined) {
            additionalParams = {};
        }
        utils.assertParametersDefined(params, names.required, ['body']);
        var request = {
            verb: verb,
            path: pathComponent + uritemplate(path).expand(utils.parseParametersToObject(params, names.path)),
            headers: utils.parseParametersToObject(params, names.header),
            queryParams: utils.parseParametersToObject(params, names.query),
            body: body
        };
        return apiGatewayClient.makeRequest(request, authType, additionalParams, config.apiKey);
    }

$methods
    return apigClient;
};
