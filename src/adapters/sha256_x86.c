#include "adapters/sha256_x86.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

/* FIPS 180-4, section 4.2.2: the first 32 bits of the fractions of the first 64 primes' cube roots. */
static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

bool sha256_x86_is_there(void)
{
    unsigned a, b, c, d;

    /* Leaf 1: SSSE3 is bit 9 of ECX, SSE4.1 bit 19. Leaf 7: SHA is bit 29 of EBX. */
    return __get_cpuid(1, &a, &b, &c, &d) && (c & 1U << 9) && (c & 1U << 19) &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1U << 29);
}

/* The next four words of the message schedule, in the place of the oldest four. */
__attribute__((target("sha,sse4.1"))) static inline __m128i schedule(__m128i oldest, __m128i second,
                                                                     __m128i third, __m128i newest)
{
    __m128i const sum =
        _mm_add_epi32(_mm_sha256msg1_epu32(oldest, second), _mm_alignr_epi8(newest, third, 4));

    return _mm_sha256msg2_epu32(sum, newest);
}

/* The instructions want the state as two vectors, ABEF and CDGH. */
__attribute__((target("sha,sse4.1"))) void
sha256_x86_blocks(uint32_t state[8], const unsigned char *bytes, size_t blocks)
{
    __m128i const swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i const dcba = _mm_loadu_si128((const __m128i *)(const void *)state);
    __m128i const hgfe = _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
    __m128i const cdab = _mm_shuffle_epi32(dcba, 0xB1), efgh = _mm_shuffle_epi32(hgfe, 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);

    for (; blocks; blocks--, bytes += 64) {
        __m128i const abef_before = abef, cdgh_before = cdgh;
        __m128i words[4];

#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {
            __m128i *word = &words[i % 4];
            const void *four = constants + (size_t)4 * (size_t)i;

            *word =
                i < 4 ? _mm_shuffle_epi8(
                            _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i)), swap)
                      : schedule(*word, words[(i + 1) % 4], words[(i + 2) % 4], words[(i + 3) % 4]);
            __m128i const sum = _mm_add_epi32(*word, _mm_loadu_si128((const __m128i *)four));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i const feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

bool sha256_x86_is_there(void)
{
    return false;
}

void sha256_x86_blocks(uint32_t state[8], const unsigned char *bytes, size_t blocks)
{
    (void)state;
    (void)bytes;
    (void)blocks;
}

#endif
