package io.weir.benchmarks.peer.datagram;

import io.netty.channel.Channel;
import io.weir.benchmarks.peer.Elements;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.netty.DatagramLoop;
import io.weir.benchmarks.peer.netty.TcpAddress;
import java.net.InetSocketAddress;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The floor for encrypted datagrams: Netty's epoll with segmentation and receive offload, AES-256-GCM for each datagram of
 * 1,400 bytes, and next to nothing besides. Elements lie one behind the other across datagrams, each behind a 4-byte length.
 *
 * <p>Nothing is sent again: an element of which a datagram is lost does not count. So that the receiver is not overrun it
 * grants {@link DatagramReceiver#WINDOW} datagrams beyond those that have come, while it wants elements. The key is made by
 * the server and travels in the address; there is no handshake. One stream; no requests, since one that is lost has no reply.
 */
public final class RawDatagramPeer implements Peer {
    static final int DATAGRAM_BYTES = 1_400;

    /** Element header. */
    static final int LENGTH_BYTES = 4;

    private static final String THREAD = "raw-udp";
    private static final int KEY_BYTES = 32;

    private final String id;
    private final String cipher;
    private final Supplier<Optional<Provider>> provider;

    private RawDatagramPeer(String id, String cipher, Supplier<Optional<Provider>> provider) {
        this.id = id;
        this.cipher = cipher;
        this.provider = provider;
    }

    /** Sealed by native code, as Weir is where it is on the class path. */
    public static Peer nativeCipher() {
        return new RawDatagramPeer("raw-udp", "native code", () -> Optional.of(SealedDatagram.nativeProvider()));
    }

    /** Sealed by the JDK's own cipher. */
    public static Peer jdkCipher() {
        return new RawDatagramPeer("raw-udp-jdk", "the JDK's cipher", Optional::empty);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return "Netty UDP over epoll, AES-256-GCM by " + cipher
                + " for each datagram of 1,400 B, segmentation and receive offload; nothing is sent again";
    }

    @Override
    public boolean runs(Workload workload) {
        return workload instanceof StreamWorkload streams
                && streams.streams() == 1
                && streams.link().isEmpty();
    }

    @Override
    public Server serve(StreamWorkload workload) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        byte[] payload = Elements.payload(workload.payloadBytes());
        Channel bound = DatagramLoop.named(THREAD)
                .bind(new DatagramSender(Elements.flux(() -> payload), new SealedDatagram(key, provider.get())));
        String address = TcpAddress.of(bound.localAddress(), HexFormat.of().formatHex(key))
                .toString();
        return () -> address;
    }

    @Override
    public Client receive(String address, StreamWorkload workload, Reception reception) {
        TcpAddress target = TcpAddress.parse(address);
        byte[] key = HexFormat.of().parseHex(target.fingerprint());
        InetSocketAddress sender = new InetSocketAddress(TcpAddress.HOST, target.port());
        DatagramLoop.named(THREAD)
                .bind(new DatagramReceiver(sender, new SealedDatagram(key, provider.get()), reception));
        return () -> "";
    }
}
