/* apiGateway.core.simpleHttpClientFactory: clients that send requests as they are, without a signature. */
var apiGateway = apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.simpleHttpClientFactory = {
    newClient: function (config) {
        var utils = apiGateway.core.utils;
        var endpoint = utils.assertDefined(config.endpoint, 'endpoint');

        function withDefaults(headers) {
            var complete = utils.copy(headers);
            if (complete['Content-Type'] === undefined) {
                complete['Content-Type'] = config.defaultContentType;
            }
            if (complete.Accept === undefined) {
                complete.Accept = config.defaultAcceptType;
            }
            return complete;
        }

        return {
            makeRequest: function (request) {
                var query = utils.queryString(request.queryParams);
                var body = utils.body(request.body);
                return axios({
                    method: utils.assertDefined(request.verb, 'verb'),
                    url: endpoint + utils.assertDefined(request.path, 'path') + (query ? '?' + query : ''),
                    headers: withDefaults(request.headers),
                    data: body === undefined ? '' : body
                });
            }
        };
    }
};
