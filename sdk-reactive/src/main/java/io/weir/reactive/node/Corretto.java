package io.weir.reactive.node;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import io.weir.core.crypto.CipherProvider;
import io.weir.core.crypto.CipherSelfTest;
import org.jspecify.annotations.Nullable;

/** The Amazon Corretto Crypto Provider, which need not be on the class path. */
final class Corretto {

    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private Corretto() {}

    /**
     * The provider, tested, or null if it is not on the class path. Not on a non-blocking thread: it unpacks and loads a library
     * and runs tests, and one that is interrupted in that, as by BlockHound, switches the provider off for the JVM.
     *
     * @throws IllegalStateException or whatever Error a library causes, if it is there and cannot be used
     */
    static @Nullable CipherProvider find() {
        try {
            Class.forName(PROVIDER, false, Corretto.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return null;
        }
        return Linked.tested();
    }

    /** Apart, so that nothing asks for the provider's classes where they are not. */
    private static final class Linked {

        static CipherProvider tested() {
            AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
            Throwable failure = corretto.getLoadingError();
            if (failure != null) {
                throw new IllegalStateException("its library does not load: " + failure.getMessage(), failure);
            }
            SelfTestStatus status = corretto.runSelfTests();
            if (status != SelfTestStatus.PASSED) {
                throw new IllegalStateException("its own tests end with " + status);
            }
            CipherProvider provider = CipherProvider.of(corretto);
            CipherSelfTest.run(provider);
            return provider;
        }
    }
}
