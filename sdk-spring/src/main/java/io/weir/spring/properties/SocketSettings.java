package io.weir.spring.properties;

import io.weir.reactive.transport.TcpKeepAlive;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.UdpOptions;
import java.time.Duration;
import java.util.function.BiFunction;
import org.springframework.util.unit.DataSize;

/** What {@code weir.tcp.*} and {@code weir.udp.*} mean. */
final class SocketSettings {

    /** What Linux has where only a part is said. */
    private static final TcpKeepAlive USUAL = new TcpKeepAlive(Duration.ofHours(2), Duration.ofSeconds(75), 9);

    private SocketSettings() {}

    static TcpOptions tcp(WeirProperties.Tcp of) {
        String at = "weir.tcp.";
        TcpOptions options = new Applied<TcpOptions>()
                .with(at + "receive-buffer", of.receiveBuffer(), bytes(TcpOptions::withReceiveBufferBytes))
                .with(at + "send-buffer", of.sendBuffer(), bytes(TcpOptions::withSendBufferBytes))
                .with(at + "no-delay", of.noDelay(), TcpOptions::withNoDelay)
                .with(at + "backlog", of.backlog(), TcpOptions::withBacklog)
                .to(TcpOptions.defaults());
        WeirProperties.KeepAlive asked = of.keepAlive();
        return asked.idle() == null && asked.interval() == null && asked.probes() == null
                ? options
                : options.withKeepAlive(keepAlive(asked));
    }

    private static TcpKeepAlive keepAlive(WeirProperties.KeepAlive of) {
        String at = "weir.tcp.keep-alive.";
        return new Applied<TcpKeepAlive>()
                .with(at + "idle", of.idle(), (all, idle) -> new TcpKeepAlive(idle, all.interval(), all.probes()))
                .with(at + "interval", of.interval(), (all, each) -> new TcpKeepAlive(all.idle(), each, all.probes()))
                .with(at + "probes", of.probes(), (all, probes) -> new TcpKeepAlive(all.idle(), all.interval(), probes))
                .to(USUAL);
    }

    static UdpOptions udp(WeirProperties.Udp of) {
        String at = "weir.udp.";
        return new Applied<UdpOptions>()
                .with(at + "receive-buffer", of.receiveBuffer(), bytes(UdpOptions::withReceiveBufferBytes))
                .with(at + "send-buffer", of.sendBuffer(), bytes(UdpOptions::withSendBufferBytes))
                .with(at + "max-datagram", of.maxDatagram(), bytes(UdpOptions::withMaxDatagramBytes))
                .with(at + "datagrams-per-send", of.datagramsPerSend(), UdpOptions::withDatagramsPerSend)
                .with(at + "datagrams-per-turn", of.datagramsPerTurn(), UdpOptions::withDatagramsPerTurn)
                .with(at + "sockets", of.sockets(), UdpOptions::withSockets)
                .to(UdpOptions.defaults());
    }

    /** What no number of bytes can be is not legal either: the nearest one is refused in its place. */
    private static <T> BiFunction<T, DataSize, T> bytes(BiFunction<T, Integer, T> change) {
        return (options, size) ->
                change.apply(options, (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, size.toBytes())));
    }
}
