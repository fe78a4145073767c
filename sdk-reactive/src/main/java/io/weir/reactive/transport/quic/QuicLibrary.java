package io.weir.reactive.transport.quic;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Whether what QUIC needs is there. Knows Netty's classes by name only, so that it works without them. */
public final class QuicLibrary {

    private static final String CLASSES = "io.netty.handler.codec.quic.Quic";

    private QuicLibrary() {}

    /** Which artifacts have to be added to the class path; null if Netty's classes for QUIC are there. Any thread. */
    public static @Nullable IOException missing() {
        try {
            Class.forName(CLASSES, false, QuicLibrary.class.getClassLoader());
            return null;
        } catch (ClassNotFoundException e) {
            return new IOException(
                    "QUIC needs io.netty:netty-codec-classes-quic, and io.netty:netty-codec-native-quic with the"
                            + " classifier of this platform, on the class path: both are optional dependencies of Weir");
        }
    }

    /** Loads the native library. Blocks the first time. */
    static void load() throws IOException {
        Throwable cause = io.netty.handler.codec.quic.Quic.unavailabilityCause();
        if (cause != null) {
            throw new IOException(
                    "QUIC needs io.netty:netty-codec-native-quic with the classifier of this platform, such as linux-x86_64,"
                            + " on the class path: " + cause.getMessage(),
                    cause);
        }
    }
}
