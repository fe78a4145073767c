package io.weir.samples.cli;

import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.quic.Quic;
import io.weir.Weir;
import io.weir.reactive.PeerNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} tells: all that a report of a fault needs. */
final class Version implements IVersionProvider {

    private static final String RESOURCE = "version.properties";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Override
    public String[] getVersion() {
        return new String[] {
            "weir " + number(),
            "JDK        " + Runtime.version() + ", " + System.getProperty("java.vm.name"),
            "system     " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                    + System.getProperty("os.arch"),
            "transports tcp, udp" + (Quic.isAvailable() ? ", quic" : "") + "; "
                    + (Epoll.isAvailable() ? "native epoll" : "the JDK's selectors"),
            "cipher     " + cipherNow()
        };
    }

    private static String number() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Version.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE + " of this program cannot be read", e);
        }
        return properties.getProperty("version", "unknown");
    }

    /** As a node finds it, which tests what it finds. */
    private static String cipherNow() {
        PeerNode node = Weir.node().startNow(TIMEOUT);
        try {
            return node.cipherProvider().toString();
        } finally {
            node.dispose();
        }
    }
}
