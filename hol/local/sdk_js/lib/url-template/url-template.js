/*
 * The global `uritemplate(template).expand(values)`: replaces each {name} by its percent-encoded value; an absent
 * value becomes nothing.
 */
var uritemplate = function (template) {
    'use strict';

    function encoded(value) {
        if (value === undefined || value === null) {
            return '';
        }
        return encodeURIComponent(value).replace(/[!'()]/g, function (letter) {
            return '%' + letter.charCodeAt(0).toString(16).toUpperCase();
        });
    }

    return {
        expand: function (values) {
            return template.replace(/\{([^}]*)\}/g, function (whole, name) {
                return encoded(values[name]);
            });
        }
    };
};
