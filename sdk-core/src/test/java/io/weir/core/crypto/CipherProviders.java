package io.weir.core.crypto;

import java.security.Provider;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Every provider that is present here, for tests that hold for each of them, and for each at one end. */
public final class CipherProviders {

    /** A suite, who seals with it and who opens. */
    public record Pair(CipherSuite suite, CipherProvider sealer, CipherProvider opener) {
        RecordCipher sealing(byte[] key) {
            return RecordCipher.sealing(suite, sealer, key);
        }

        RecordCipher opening(byte[] key) {
            return RecordCipher.opening(suite, opener, key);
        }

        RecordCipher sealing(byte[] key, RecordCipher.Limits limits) {
            return new RecordCipher(suite, sealer, key, true, limits);
        }

        RecordCipher opening(byte[] key, RecordCipher.Limits limits) {
            return new RecordCipher(suite, opener, key, false, limits);
        }

        @Override
        public String toString() {
            return suite + ", " + sealer + " to " + opener;
        }
    }

    private static final String NATIVE = "com.amazon.corretto.crypto.provider.";

    private CipherProviders() {}

    /** The process's own, and the native one where its jar is on the class path and it loads. */
    public static List<CipherProvider> present() {
        return Stream.concat(
                        Stream.of(CipherProvider.preferred()),
                        ServiceLoader.load(Provider.class).stream()
                                .filter(found -> found.type().getName().startsWith(NATIVE))
                                .map(ServiceLoader.Provider::get)
                                .filter(found -> found.getService("Cipher", "AES/GCM/NoPadding") != null)
                                .map(CipherProvider::of))
                .toList();
    }

    /** Every suite with every provider at either end. */
    public static Stream<Pair> pairs() {
        return Arrays.stream(CipherSuite.values()).flatMap(CipherProviders::pairs);
    }

    /** AES-GCM with every provider at either end. */
    public static Stream<Pair> ofAesGcm() {
        return pairs(CipherSuite.AESGCM);
    }

    private static Stream<Pair> pairs(CipherSuite suite) {
        return present().stream().flatMap(sealer -> present().stream().map(opener -> new Pair(suite, sealer, opener)));
    }
}
