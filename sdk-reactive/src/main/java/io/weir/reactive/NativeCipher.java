package io.weir.reactive;

/**
 * Whether a node lets native code seal and open its records with AES-256-GCM: that of the Amazon Corretto Crypto Provider,
 * an optional dependency ({@code software.amazon.cryptools:AmazonCorrettoCryptoProvider} with the classifier of the platform).
 */
public enum NativeCipher {
    /** It does where that provider is on the class path, loads and passes its tests; else the process's preferred one does. */
    IF_PRESENT,

    /** The provider that the process prefers does, the JDK's own unless the program has registered another. */
    REFUSED
}
