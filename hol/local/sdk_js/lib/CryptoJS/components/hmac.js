/* CryptoJS.HmacSHA256(message, key): RFC 2104 over SHA-256; both are text or WordArrays. */
CryptoJS.HmacSHA256 = CryptoJS.HmacSHA256 || (function () {
    'use strict';

    var BLOCK = 64;

    function xored(bytes, pad) {
        return CryptoJS.lib.WordArray.fromBytes(bytes.map(function (byte) {
            return byte ^ pad;
        }));
    }

    return function (message, key) {
        var secret = CryptoJS.lib.WordArray.of(key);
        var bytes = (secret.sigBytes > BLOCK ? CryptoJS.SHA256(secret) : secret).bytes();
        while (bytes.length < BLOCK) {
            bytes.push(0);
        }
        var inner = CryptoJS.SHA256(xored(bytes, 0x36).concat(CryptoJS.lib.WordArray.of(message)));
        return CryptoJS.SHA256(xored(bytes, 0x5c).concat(inner));
    };
}());
