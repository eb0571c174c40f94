/* CryptoJS.SHA256(textOrWordArray): SHA-256 as FIPS 180-4 defines it. */
CryptoJS.SHA256 = CryptoJS.SHA256 || (function () {
    'use strict';

    function fraction(root) {
        return ((root - Math.floor(root)) * 4294967296) | 0;
    }

    // The constants are the first 32 bits of the fractional parts of roots of the first primes: square roots for
    // the initial state, cube roots for the rounds.
    var state = [];
    var rounds = [];
    for (var candidate = 2; rounds.length < 64; candidate += 1) {
        var prime = true;
        for (var divisor = 2; divisor * divisor <= candidate; divisor += 1) {
            prime = prime && candidate % divisor !== 0;
        }
        if (prime) {
            if (state.length < 8) {
                state.push(fraction(Math.sqrt(candidate)));
            }
            rounds.push(fraction(Math.pow(candidate, 1 / 3)));
        }
    }

    function rotate(word, bits) {
        return (word >>> bits) | (word << (32 - bits));
    }

    function padded(bytes) {
        var length = bytes.length;
        var message = bytes.concat([128]);
        while (message.length % 64 !== 56) {
            message.push(0);
        }
        var words = CryptoJS.lib.WordArray.fromBytes(message).words;
        return words.concat([Math.floor(length / 536870912), (length << 3) | 0]);
    }

    function schedule(block) {
        var words = block.slice();
        for (var i = 16; i < 64; i += 1) {
            var low = rotate(words[i - 15], 7) ^ rotate(words[i - 15], 18) ^ (words[i - 15] >>> 3);
            var high = rotate(words[i - 2], 17) ^ rotate(words[i - 2], 19) ^ (words[i - 2] >>> 10);
            words[i] = (words[i - 16] + low + words[i - 7] + high) | 0;
        }
        return words;
    }

    function compress(hash, block) {
        var words = schedule(block);
        var v = hash.slice();
        for (var i = 0; i < 64; i += 1) {
            var sum1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
            var choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
            var first = (v[7] + sum1 + choice + rounds[i] + words[i]) | 0;
            var sum0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
            var majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v = [(first + sum0 + majority) | 0, v[0], v[1], v[2], (v[3] + first) | 0, v[4], v[5], v[6]];
        }
        return hash.map(function (word, index) {
            return (word + v[index]) | 0;
        });
    }

    return function (message) {
        var words = padded(CryptoJS.lib.WordArray.of(message).bytes());
        var hash = state;
        for (var start = 0; start < words.length; start += 16) {
            hash = compress(hash, words.slice(start, start + 16));
        }
        return CryptoJS.lib.WordArray.create(hash, 32);
    };
}());
