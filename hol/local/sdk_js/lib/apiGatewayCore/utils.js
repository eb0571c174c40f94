/* apiGateway.core.utils: checks and copies of parameter objects, used by the other files when a method is called. */
var apiGateway = apiGateway || {};
apiGateway.core = apiGateway.core || {};

apiGateway.core.utils = {
    // A missing parameter is thrown as a string, at once: it reaches no .catch() of the promise.
    assertDefined: function (value, name) {
        if (value === undefined) {
            throw name + ' must be defined';
        }
        return value;
    },

    assertParametersDefined: function (params, names, ignored) {
        names.filter(function (name) {
            return !ignored || ignored.indexOf(name) < 0;
        }).forEach(function (name) {
            var given = params === undefined ? {} : params;
            apiGateway.core.utils.assertDefined(given[name], name);
        });
    },

    parseParametersToObject: function (params, names) {
        var picked = {};
        names.forEach(function (name) {
            picked[name] = params[name];
        });
        return picked;
    },

    contains: function (list, value) {
        return list.indexOf(value) >= 0;
    },

    copy: function (source) {
        return apiGateway.core.utils.mergeInto({}, source);
    },

    mergeInto: function (base, additions) {
        var merged = {};
        [base, additions].forEach(function (source) {
            Object.keys(source || {}).forEach(function (name) {
                merged[name] = source[name];
            });
        });
        return merged;
    },

    // Bodies without keys of their own (nothing, {}, numbers, files) count as no body.
    body: function (value) {
        var empty = value === undefined || value === null || value === '' || Object.keys(value).length === 0;
        return empty ? undefined : value;
    },

    queryString: function (params) {
        return Object.keys(params || {}).map(function (name) {
            return encodeURIComponent(name) + '=' + encodeURIComponent(params[name]);
        }).join('&');
    }
};
