/*
 * The global `axios` of this SDK: a small HTTP client over XMLHttpRequest with the interface that pages use.
 *
 * axios(config), axios(url, config), axios.request, .get, .delete, .head, .options, .post, .put, .patch, .create,
 * .all, .spread, .isAxiosError, .defaults, .interceptors. An answer resolves to {data, status, statusText, headers,
 * config, request}. Anything but 2xx rejects with an Error that carries `response` and also `status`, `data`,
 * `headers` and `statusText` themselves, so that pages for older and for newer SDKs can both read it.
 */
var axios = (function () {
    'use strict';

    var BODYLESS = ['delete', 'get', 'head', 'options'];
    var WITH_BODY = ['post', 'put', 'patch'];

    function merge() {
        var merged = {};
        for (var i = 0; i < arguments.length; i += 1) {
            var source = arguments[i] || {};
            Object.keys(source).forEach(function (key) {
                merged[key] = source[key];
            });
        }
        return merged;
    }

    function headerName(headers, wanted) {
        return Object.keys(headers).filter(function (name) {
            return name.toLowerCase() === wanted;
        })[0];
    }

    function withQuery(url, params, serialize) {
        if (!params) {
            return url;
        }
        var query = serialize ? serialize(params) : Object.keys(params).filter(function (name) {
            return params[name] !== undefined && params[name] !== null;
        }).map(function (name) {
            return encodeURIComponent(name) + '=' + encodeURIComponent(params[name]);
        }).join('&');
        return query ? url + (url.indexOf('?') < 0 ? '?' : '&') + query : url;
    }

    function isSentAsIs(data) {
        var kinds = ['FormData', 'Blob', 'File', 'ArrayBuffer', 'URLSearchParams'];
        return ArrayBuffer.isView(data) || kinds.indexOf(Object.prototype.toString.call(data).slice(8, -1)) >= 0;
    }

    function isJson(text) {
        try {
            JSON.parse(text);
            return true;
        } catch (error) {
            return false;
        }
    }

    function defaultRequest(data, headers) {
        var typeName = headerName(headers, 'content-type');
        if (data === undefined || data === null || data === '') {
            // No body, no type: a GET stays a simple request, which browsers send without a preflight.
            delete headers[typeName];
            return null;
        }
        if (isSentAsIs(data)) {
            return data;
        }
        if (!typeName) {
            typeName = 'Content-Type';
            headers[typeName] = 'application/json';
        }
        var json = headers[typeName].indexOf('application/json') >= 0;
        if (typeof data === 'string') {
            return !json || isJson(data) ? data : JSON.stringify(data);
        }
        return JSON.stringify(data);
    }

    function defaultResponse(data) {
        if (typeof data !== 'string') {
            return data;
        }
        try {
            return JSON.parse(data);
        } catch (error) {
            return data;
        }
    }

    function applied(transforms, data, headers) {
        return [].concat(transforms).reduce(function (value, transform) {
            return transform(value, headers);
        }, data);
    }

    function parsedHeaders(text) {
        var headers = {};
        (text || '').split(/\r?\n/).forEach(function (line) {
            var colon = line.indexOf(':');
            if (colon > 0) {
                headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
            }
        });
        return headers;
    }

    function failure(message, code, config, request, response) {
        var error = new Error(message);
        error.name = 'AxiosError';
        error.isAxiosError = true;
        error.code = code;
        error.config = config;
        error.request = request;
        error.response = response;
        error.status = response ? response.status : 0;
        error.statusText = response ? response.statusText : '';
        error.data = response ? response.data : '';
        error.headers = response ? response.headers : {};
        return error;
    }

    function answer(config, request) {
        var raw = config.responseType && config.responseType !== 'text' ? request.response : request.responseText;
        var headers = parsedHeaders(request.getAllResponseHeaders());
        return {
            data: applied(config.transformResponse, raw, headers),
            status: request.status,
            statusText: request.statusText,
            headers: headers,
            config: config,
            request: request
        };
    }

    function settle(resolve, reject, response) {
        var accepts = response.config.validateStatus;
        if (!accepts || accepts(response.status)) {
            resolve(response);
            return;
        }
        var code = response.status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST';
        var message = 'Request failed with status code ' + response.status;
        reject(failure(message, code, response.config, response.request, response));
    }

    function opened(config) {
        var request = new XMLHttpRequest();
        var url = /^([a-z][a-z\d+.-]*:)?\/\//i.test(config.url) ? config.url : (config.baseURL || '') + config.url;
        request.open(config.method.toUpperCase(), withQuery(url, config.params, config.paramsSerializer), true);
        request.timeout = config.timeout || 0;
        request.withCredentials = Boolean(config.withCredentials);
        if (config.responseType) {
            request.responseType = config.responseType;
        }
        return request;
    }

    function setHeaders(request, config) {
        if (config.auth) {
            var pair = unescape(encodeURIComponent((config.auth.username || '') + ':' + (config.auth.password || '')));
            config.headers.Authorization = 'Basic ' + btoa(pair);
        }
        Object.keys(config.headers).forEach(function (name) {
            if (config.headers[name] !== undefined && config.headers[name] !== null) {
                request.setRequestHeader(name, config.headers[name]);
            }
        });
    }

    function dispatch(config) {
        return new Promise(function (resolve, reject) {
            var request;
            var fail = function (message, code) {
                return function () {
                    reject(failure(message, code, config, request));
                };
            };
            config.headers = merge(config.headers);
            config.data = applied(config.transformRequest, config.data, config.headers);
            request = opened(config);
            request.onload = function () {
                settle(resolve, reject, answer(config, request));
            };
            request.onerror = fail('Network Error', 'ERR_NETWORK');
            request.ontimeout = fail('timeout of ' + config.timeout + 'ms exceeded', 'ECONNABORTED');
            request.onabort = fail('Request aborted', 'ECONNABORTED');
            if (config.signal) {
                config.signal.addEventListener('abort', function () {
                    request.abort();
                });
            }
            setHeaders(request, config);
            request.send(config.data === undefined ? null : config.data);
        });
    }

    function Interceptors() {
        this.handlers = [];
    }
    Interceptors.prototype.use = function (fulfilled, rejected) {
        return this.handlers.push([fulfilled, rejected]) - 1;
    };
    Interceptors.prototype.eject = function (index) {
        this.handlers[index] = [undefined, undefined];
    };

    function create(defaults) {
        function instance(first, second) {
            return instance.request(first, second);
        }
        instance.defaults = defaults;
        instance.interceptors = {request: new Interceptors(), response: new Interceptors()};
        instance.request = function (first, second) {
            var given = typeof first === 'string' ? merge(second, {url: first}) : first;
            var config = merge(instance.defaults, given);
            config.headers = merge(instance.defaults.headers && instance.defaults.headers.common, given.headers);
            config.method = (config.method || 'get').toLowerCase();
            var before = instance.interceptors.request.handlers.slice().reverse();
            return before.concat([[dispatch]], instance.interceptors.response.handlers).reduce(function (promise, step) {
                return promise.then(step[0], step[1]);
            }, Promise.resolve(config));
        };
        BODYLESS.forEach(function (method) {
            instance[method] = function (url, config) {
                return instance.request(merge(config, {method: method, url: url}));
            };
        });
        WITH_BODY.forEach(function (method) {
            instance[method] = function (url, data, config) {
                return instance.request(merge(config, {method: method, url: url, data: data}));
            };
        });
        instance.create = function (config) {
            var headers = {common: merge(instance.defaults.headers.common, config && config.headers)};
            return create(merge(instance.defaults, config, {headers: headers}));
        };
        return instance;
    }

    var main = create({
        headers: {common: {Accept: 'application/json, text/plain, */*'}},
        transformRequest: [defaultRequest],
        transformResponse: [defaultResponse],
        timeout: 0,
        validateStatus: function (status) {
            return status >= 200 && status < 300;
        }
    });
    main.all = function (promises) {
        return Promise.all(promises);
    };
    main.spread = function (callback) {
        return function (values) {
            return callback.apply(null, values);
        };
    };
    main.isAxiosError = function (value) {
        return Boolean(value) && value.isAxiosError === true;
    };
    return main;
}());
