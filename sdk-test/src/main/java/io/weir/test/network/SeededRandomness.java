package io.weir.test.network;

import io.weir.core.crypto.RandomBytes;
import io.weir.core.identity.Identity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** All randomness of a network, by its seed: for each purpose its own, so that one more draw here changes nothing there. */
final class SeededRandomness {

    private final long seed;
    private final Map<String, RandomBytes> bytes = new LinkedHashMap<>();
    private final Map<String, Identity> identities = new LinkedHashMap<>();

    SeededRandomness(long seed) {
        this.seed = seed;
    }

    /** The identity of the node of that name, the same each time. */
    Identity identity(String host) {
        return identities.computeIfAbsent(host, h -> Identity.generate(generator("identity of " + h)::nextBytes));
    }

    /** One sequence for each purpose, which goes on where the last caller stopped. */
    RandomBytes bytes(String purpose) {
        return bytes.computeIfAbsent(purpose, p -> generator(p)::nextBytes);
    }

    /** A new generator, the same for the same purpose. */
    SplittableRandom generator(String purpose) {
        // Scattered well: generators whose seeds differ by a multiple of their increment yield one and the same
        // sequence.
        return new SplittableRandom(scatter(scatter(seed) + purpose.hashCode()));
    }

    /** The finaliser of MurmurHash3: each bit in changes half of the bits out. */
    private static long scatter(long value) {
        long h = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return h ^ h >>> 33;
    }
}
