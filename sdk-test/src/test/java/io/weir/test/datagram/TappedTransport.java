package io.weir.test.datagram;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Another transport whose datagrams are seen on their way out, and lost where a rule says so. */
final class TappedTransport implements DatagramTransport {

    /** One that left, or would have left, a socket. */
    record Sent(byte[] bytes, PathAddress to, boolean lost) {
        int type() {
            return bytes[0];
        }
    }

    final List<Sent> sent = new ArrayList<>();
    final List<DatagramSocket> sockets = new ArrayList<>(); // those that are open
    final List<PathAddress> before = new ArrayList<>(); // in front of all that is resolved
    private final List<Tap> taps = new ArrayList<>();
    private final DatagramTransport transport;
    private Predicate<byte[]> loses = datagram -> false;
    private int room = Integer.MAX_VALUE;
    private long asked;

    TappedTransport(DatagramTransport transport) {
        this.transport = transport;
    }

    /** Loses what the rule says from now on. */
    void lose(Predicate<byte[]> rule) {
        loses = rule;
    }

    /** Loses so many of the next datagrams of a type. */
    void lose(int type, int count) {
        int[] left = {count};
        loses = datagram -> datagram[0] == type && left[0]-- > 0;
    }

    List<Sent> sent(int type) {
        return sent.stream().filter(one -> one.type() == type).toList();
    }

    /** Sends something of the test's own, from the latest socket. */
    void send(byte[] datagram, PathAddress to) {
        sockets.get(sockets.size() - 1).send(datagram, 0, datagram.length, datagram.length, to, Ecn.NOT_ECT);
    }

    /** The sockets have room for so many more datagrams, and for none beyond. Whoever waits is told, if that is any. */
    void room(int datagrams) {
        room = datagrams;
        if (datagrams > 0) {
            List.copyOf(taps).forEach(tap -> tap.loop().execute(tap::tellRoom));
        }
    }

    /** How often a socket was asked whether it has room. */
    long asked() {
        return asked;
    }

    private DatagramSocket tap(DatagramSocket socket) {
        sockets.add(socket);
        socket.onClose().subscribe(null, null, () -> sockets.remove(socket));
        Tap made = new Tap(socket);
        taps.add(made);
        return made;
    }

    /** Breaks the sockets that are open, as an interface does that is gone. */
    void breakSockets(Throwable failure) {
        for (Tap tap : List.copyOf(taps)) {
            tap.loop().execute(() -> tap.fail(failure));
        }
    }

    @Override
    public String scheme() {
        return transport.scheme();
    }

    @Override
    public Mono<DatagramSocket> bind(PeerAddress address) {
        return transport.bind(address).map(this::tap);
    }

    @Override
    public Mono<DatagramSocket> open() {
        return transport.open().map(this::tap);
    }

    @Override
    public Mono<List<PathAddress>> resolve(PeerAddress address, Duration timeout, DialProgress progress) {
        return transport.resolve(address, timeout, progress).map(found -> {
            List<PathAddress> all = new ArrayList<>(before);
            all.addAll(found);
            return all;
        });
    }

    @Override
    public void dispose() {
        transport.dispose();
    }

    @Override
    public Mono<Void> disposeLater() {
        return transport.disposeLater();
    }

    @Override
    public boolean isDisposed() {
        return transport.isDisposed();
    }

    private final class Tap implements DatagramSocket {
        private final DatagramSocket socket;
        private @Nullable Receiver hearing;

        Tap(DatagramSocket socket) {
            this.socket = socket;
        }

        @Override
        public SessionLoop loop() {
            return socket.loop();
        }

        @Override
        public SocketAddress localAddress() {
            return socket.localAddress();
        }

        @Override
        public SocketAddress socketAddress(PathAddress address) {
            return socket.socketAddress(address);
        }

        @Override
        public void receive(Receiver receiver) {
            hearing = receiver;
            socket.receive(receiver);
        }

        void fail(Throwable failure) {
            Receiver told = hearing;
            if (told != null) {
                told.onClosed(failure);
            }
            socket.close();
        }

        void tellRoom() {
            Receiver told = hearing;
            if (told != null) {
                told.onWritable();
            }
        }

        @Override
        public void send(byte[] array, int offset, int length, int segmentBytes, PathAddress to, Ecn mark) {
            for (int at = offset; at < offset + length; at += segmentBytes) {
                byte[] datagram = Arrays.copyOfRange(array, at, Math.min(at + segmentBytes, offset + length));
                boolean lost = loses.test(datagram);
                sent.add(new Sent(datagram, to, lost));
                room -= room == Integer.MAX_VALUE ? 0 : 1;
                if (!lost) {
                    socket.send(datagram, 0, datagram.length, datagram.length, to, mark);
                }
            }
        }

        @Override
        public int mostSegments() {
            return socket.mostSegments();
        }

        @Override
        public boolean writable() {
            asked++;
            return room > 0 && socket.writable();
        }

        @Override
        public DatagramCounts counts() {
            return socket.counts();
        }

        @Override
        public void close() {
            socket.close();
        }

        @Override
        public Mono<Void> onClose() {
            return socket.onClose();
        }
    }
}
