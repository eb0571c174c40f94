/* CryptoJS.enc.Base64: stringify(wordArray) and parse(text). */
CryptoJS.enc.Base64 = CryptoJS.enc.Base64 || {
    stringify: function (array) {
        return btoa(CryptoJS.enc.Latin1.stringify(array));
    },
    parse: function (text) {
        return CryptoJS.enc.Latin1.parse(atob(text));
    }
};
