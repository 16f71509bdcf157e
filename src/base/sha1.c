#include "base/sha1.h"

#include <string.h>

enum { BLOCK = 64, WORDS = 5 };

static uint32_t rotate(uint32_t word, unsigned by)
{
    return word << by | word >> (32 - by);
}

/* The function and the constant of a round: sections 4.1.1 and 4.2.1. */
static uint32_t mix(unsigned round, const uint32_t *of)
{
    if (round < 20)
        return ((of[1] & of[2]) | (~of[1] & of[3])) + 0x5A827999;
    if (round < 40)
        return (of[1] ^ of[2] ^ of[3]) + 0x6ED9EBA1;
    if (round < 60)
        return ((of[1] & of[2]) | (of[1] & of[3]) | (of[2] & of[3])) + 0x8F1BBCDC;
    return (of[1] ^ of[2] ^ of[3]) + 0xCA62C1D6;
}

static void add_block(uint32_t *hash, const uint8_t *block)
{
    uint32_t words[80], of[WORDS];

    for (unsigned i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
                   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (unsigned i = 16; i < 80; i++)
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    memcpy(of, hash, sizeof(of));
    for (unsigned i = 0; i < 80; i++) {
        uint32_t const next = rotate(of[0], 5) + mix(i, of) + of[4] + words[i];

        of[4] = of[3];
        of[3] = of[2];
        of[2] = rotate(of[1], 30);
        of[1] = of[0];
        of[0] = next;
    }
    for (unsigned i = 0; i < WORDS; i++)
        hash[i] += of[i];
}

void sha1(const void *bytes, size_t length, uint8_t digest[SHA1_SIZE])
{
    uint32_t hash[WORDS] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    uint8_t last[2 * BLOCK] = {0};
    const uint8_t *at = bytes;
    size_t left = length;

    for (; left >= BLOCK; left -= BLOCK, at += BLOCK)
        add_block(hash, at);
    if (left)
        memcpy(last, at, left);
    last[left] = 0x80;
    size_t const blocks = left + 9 > BLOCK ? 2 : 1; /* 0x80 and the length in bits behind it */
    for (unsigned i = 0; i < 8; i++)
        last[blocks * BLOCK - 1 - i] = (uint8_t)((uint64_t)length * 8 >> (8 * i));
    for (size_t i = 0; i < blocks; i++)
        add_block(hash, last + i * BLOCK);
    for (unsigned i = 0; i < SHA1_SIZE; i++)
        digest[i] = (uint8_t)(hash[i / 4] >> (24 - 8 * (i % 4)));
}
