/*
 * The global `CryptoJS` of this SDK, its core: byte arrays held as 32-bit words, and their text encodings.
 * SHA-256, HMAC and Base64 are in the neighbouring files. Loading this file twice does no harm.
 */
var CryptoJS = CryptoJS || (function () {
    'use strict';

    function WordArray(words, sigBytes) {
        this.words = words || [];
        this.sigBytes = sigBytes === undefined ? this.words.length * 4 : sigBytes;
    }

    function fromBytes(bytes) {
        var words = [];
        bytes.forEach(function (byte, index) {
            words[index >>> 2] |= (byte & 255) << (24 - (index % 4) * 8);
        });
        return new WordArray(words, bytes.length);
    }

    WordArray.prototype.bytes = function () {
        var bytes = [];
        for (var index = 0; index < this.sigBytes; index += 1) {
            bytes.push((this.words[index >>> 2] >>> (24 - (index % 4) * 8)) & 255);
        }
        return bytes;
    };
    WordArray.prototype.concat = function (other) {
        var joined = fromBytes(this.bytes().concat(other.bytes()));
        this.words = joined.words;
        this.sigBytes = joined.sigBytes;
        return this;
    };
    WordArray.prototype.clone = function () {
        return new WordArray(this.words.slice(), this.sigBytes);
    };
    WordArray.prototype.toString = function (encoder) {
        return (encoder || Hex).stringify(this);
    };

    var Hex = {
        stringify: function (array) {
            return array.bytes().map(function (byte) {
                return (byte + 256).toString(16).slice(1);
            }).join('');
        },
        parse: function (text) {
            return fromBytes((text.match(/../g) || []).map(function (pair) {
                return parseInt(pair, 16);
            }));
        }
    };
    var Latin1 = {
        stringify: function (array) {
            return array.bytes().map(function (byte) {
                return String.fromCharCode(byte);
            }).join('');
        },
        parse: function (text) {
            return fromBytes(text.split('').map(function (letter) {
                return letter.charCodeAt(0);
            }));
        }
    };
    var Utf8 = {
        stringify: function (array) {
            return decodeURIComponent(escape(Latin1.stringify(array)));
        },
        parse: function (text) {
            return Latin1.parse(unescape(encodeURIComponent(text)));
        }
    };

    return {
        lib: {
            WordArray: {
                create: function (words, sigBytes) {
                    return new WordArray(words, sigBytes);
                },
                fromBytes: fromBytes,
                // What every function takes: text, as UTF-8, or a WordArray.
                of: function (value) {
                    return typeof value === 'string' ? Utf8.parse(value) : value;
                }
            }
        },
        enc: {Hex: Hex, Latin1: Latin1, Utf8: Utf8},
        algo: {}
    };
}());
