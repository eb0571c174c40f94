/* apiGateway.core.apiGatewayClientFactory: completes a method's request and hands it to the right client. */
var apiGateway = apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.apiGatewayClientFactory = {
    newClient: function (simpleHttpClientConfig, sigV4ClientConfig) {
        var sigV4Client = apiGateway.core.sigV4ClientFactory.newClient(sigV4ClientConfig);
        var simpleHttpClient = apiGateway.core.simpleHttpClientFactory.newClient(simpleHttpClientConfig);

        return {
            makeRequest: function (request, authType, additionalParams, apiKey) {
                var utils = apiGateway.core.utils;
                var complete = utils.copy(request);
                if (apiKey !== undefined && apiKey !== '' && apiKey !== null) {
                    complete.headers = utils.mergeInto(complete.headers, {'x-api-key': apiKey});
                }
                complete.headers = utils.mergeInto(complete.headers, additionalParams.headers);
                complete.queryParams = utils.mergeInto(complete.queryParams, additionalParams.queryParams);
                return (authType === 'AWS_IAM' ? sigV4Client : simpleHttpClient).makeRequest(complete);
            }
        };
    }
};
