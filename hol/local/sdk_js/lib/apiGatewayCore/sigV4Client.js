/*
 * apiGateway.core.sigV4ClientFactory: clients that sign each request with AWS Signature Version 4.
 * Without both keys newClient returns an empty object; CryptoJS is needed only when a request is signed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
var apiGateway = apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.sigV4ClientFactory = (function () {
    'use strict';

    var ALGORITHM = 'AWS4-HMAC-SHA256';

    function strictly(text) {
        return encodeURIComponent(text).replace(/[!'()*]/g, function (letter) {
            return '%' + letter.charCodeAt(0).toString(16).toUpperCase();
        });
    }

    function hash(text) {
        return CryptoJS.SHA256(text).toString(CryptoJS.enc.Hex);
    }

    function hmac(key, text) {
        return CryptoJS.HmacSHA256(text, key);
    }

    function canonicalQuery(params) {
        return Object.keys(params || {}).map(function (name) {
            return [strictly(name), strictly(params[name])];
        }).sort(function (a, b) {
            return a[0] < b[0] ? -1 : Number(a[0] > b[0]);
        }).map(function (pair) {
            return pair.join('=');
        }).join('&');
    }

    function canonicalHeaders(headers) {
        var values = {};
        Object.keys(headers).forEach(function (name) {
            values[name.toLowerCase()] = String(headers[name]).trim().replace(/ +/g, ' ');
        });
        var names = Object.keys(values).sort();
        var lines = names.map(function (name) {
            return name + ':' + values[name] + '\n';
        });
        return {names: names.join(';'), lines: lines.join('')};
    }

    // The path as sent is encoded once more: every service but S3 expects that.
    function canonicalPath(path) {
        return path.split('/').map(strictly).join('/');
    }

    function signingKey(secret, date, region, service) {
        return [date, region, service, 'aws4_request'].reduce(hmac, 'AWS4' + secret);
    }

    function authorization(config, request, moment) {
        var headers = canonicalHeaders(request.headers);
        var canonical = [
            request.verb, canonicalPath(request.path), canonicalQuery(request.queryParams), headers.lines, headers.names,
            hash(request.body)
        ].join('\n');
        var date = moment.slice(0, 8);
        var scope = [date, config.region, config.serviceName, 'aws4_request'].join('/');
        var text = [ALGORITHM, moment, scope, hash(canonical)].join('\n');
        var key = signingKey(config.secretKey, date, config.region, config.serviceName);
        return ALGORITHM + ' Credential=' + config.accessKey + '/' + scope + ', SignedHeaders=' + headers.names +
            ', Signature=' + hmac(key, text).toString(CryptoJS.enc.Hex);
    }

    function host(endpoint) {
        var anchor = document.createElement('a');
        anchor.href = endpoint;
        return anchor.host;
    }

    function bodyText(request) {
        var body = request.verb === 'GET' ? undefined : apiGateway.core.utils.body(request.body);
        if (body === undefined) {
            return '';
        }
        return typeof body === 'string' ? body : JSON.stringify(body);
    }

    function signedHeaders(config, request, body, moment) {
        var headers = apiGateway.core.utils.copy(request.headers);
        if (headers['Content-Type'] === undefined) {
            headers['Content-Type'] = config.defaultContentType;
        }
        if (headers.Accept === undefined) {
            headers.Accept = config.defaultAcceptType;
        }
        if (!body) {
            delete headers['Content-Type'];
        }
        headers['x-amz-date'] = moment;
        headers.host = host(config.endpoint);
        return headers;
    }

    function sentHeaders(config, headers, signature) {
        var sent = apiGateway.core.utils.mergeInto(headers, {Authorization: signature});
        // The browser sets Host by itself; a session token is sent beside the signature, not under it.
        delete sent.host;
        if (config.sessionToken) {
            sent['x-amz-security-token'] = config.sessionToken;
        }
        return sent;
    }

    function asItIs(data) {
        return data === '' ? null : data;
    }

    function sign(config, request) {
        var moment = new Date().toISOString().replace(/\.\d{3}Z$/, 'Z').replace(/[:-]/g, '');
        var body = bodyText(request);
        var headers = signedHeaders(config, request, body, moment);
        var parts = {
            verb: request.verb, path: request.path, queryParams: request.queryParams, headers: headers, body: body
        };
        var query = canonicalQuery(request.queryParams);
        return {
            method: request.verb,
            url: config.endpoint + request.path + (query ? '?' + query : ''),
            headers: sentHeaders(config, headers, authorization(config, parts, moment)),
            data: body,
            transformRequest: [asItIs]
        };
    }

    return {
        authorization: authorization,
        newClient: function (config) {
            if (!config.accessKey || !config.secretKey) {
                return {};
            }
            return {
                makeRequest: function (request) {
                    return axios(sign(config, request));
                }
            };
        }
    };
}());
