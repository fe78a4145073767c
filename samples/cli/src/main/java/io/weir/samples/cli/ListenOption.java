package io.weir.samples.cli;

import io.netty.handler.codec.quic.Quic;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNodeSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where an end listens: at one address, or for all protocols at one port. */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ListenOption {

    private static final PeerAddress ANYWHERE = PeerAddress.tcp("127.0.0.1", 0);
    private static final int MOST_PORT = 65_535;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            description =
                    "Where to listen, tcp://, udp:// or quic://; port 0 takes a free one, host [::] is every address of the "
                            + "machine. Without it: tcp://127.0.0.1:0.")
    private @Nullable PeerAddress listen;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Listen for TCP, UDP and QUIC at this one port, all or none; 0 takes one that is free for all.")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "Where --port is: an address of this machine, :: is all. Without it: 127.0.0.1.")
    private @Nullable String host;

    /** The node, listening there. */
    PeerNodeSpec listen(PeerNodeSpec node) {
        if (port == null) {
            if (host != null) {
                throw new ParameterException(
                        spec.commandLine(), "--host is for --port; --listen has a host of its own");
            }
            return node.listen(listen == null ? ANYWHERE : listen);
        }
        if (listen != null) {
            throw new ParameterException(spec.commandLine(), "--listen and --port are two ways to say where; give one");
        }
        Main.checkRange("--port", port, 0, MOST_PORT, spec);
        try {
            return node.listenOnOnePort(host == null ? ANYWHERE.host() : host, port, schemes());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--host " + host + ": " + e.getMessage(), e);
        }
    }

    /** Tells people who reaches it, where nobody has chosen that. */
    void hint(Console console) {
        if (listen == null && host == null) {
            console.say("only this machine reaches it; " + (port == null ? "--listen 'tcp://[::]:0'" : "--host ::")
                    + " is for others too");
        }
    }

    /** Where the library for QUIC is not there, as on a platform that it was not made for, the others are. */
    private static String[] schemes() {
        return Quic.isAvailable()
                ? new String[] {PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC}
                : new String[] {PeerAddress.TCP, PeerAddress.UDP};
    }
}
