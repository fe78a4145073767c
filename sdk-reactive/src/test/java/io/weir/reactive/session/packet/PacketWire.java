package io.weir.reactive.session.packet;

import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.SessionLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * A network of sockets in virtual time that loses, doubles and reorders datagrams by a seed, or as a {@link Rule} has it.
 */
final class PacketWire {

    static final long MILLI = 1_000_000;

    /** What becomes of a datagram. */
    interface Rule {
        /** Whether it is lost; {@code number} counts those of its sender from 0. */
        boolean loses(Sent datagram, long number);
    }

    /** A datagram as its sender has given it to the socket. */
    record Sent(byte[] bytes, PathAddress from, PathAddress to, Ecn mark, long atNanos) {}

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SessionLoop loop = SessionLoop.on(time);
    private final Random random;
    private final Map<PathAddress, Socket> sockets = new HashMap<>();
    private final List<Sent> trace = new ArrayList<>();
    long delayNanos = 10 * MILLI;
    long jitterNanos;
    double loss;
    double doubling;
    int mostBytes = 1_500;
    /** Of each sender: 20 Mbit/s, with a queue of 50 ms. */
    long bytesPerSecond = 2_500_000;

    long mostQueueNanos = 50 * MILLI;
    /** Marks every so many-th packet that may be marked; 0 none. */
    int congestedEvery;

    Rule rule = (datagram, number) -> false;

    PacketWire(long seed) {
        random = new Random(seed);
    }

    static PathAddress address(int host, int port) {
        return new PathAddress(Bytes.copyOf(new byte[] {10, 0, 0, (byte) host}), port);
    }

    SessionLoop loop() {
        return loop;
    }

    void pass(long nanos) {
        time.advanceTimeBy(java.time.Duration.ofNanos(nanos));
    }

    /** Tasks until now, done or not. */
    long tasks() {
        return time.getScheduledTaskCount();
    }

    long nowNanos() {
        return loop.nowNanos();
    }

    /** Everything that was sent, in this order. */
    List<Sent> trace() {
        return trace;
    }

    List<Sent> sentBy(Socket socket) {
        return trace.stream().filter(sent -> sent.from().equals(socket.address)).toList();
    }

    Socket bind(PathAddress address) {
        Socket socket = new Socket(address);
        sockets.put(address, socket);
        return socket;
    }

    private void carry(Sent sent, long number) {
        trace.add(sent);
        Socket sender = sockets.get(sent.from());
        if (sender == null || !sender.queue(sent.bytes().length)) {
            return;
        }
        if (sent.bytes().length > mostBytes || rule.loses(sent, number) || random.nextDouble() < loss) {
            return;
        }
        deliver(sent, sender.queuedUntil);
        if (random.nextDouble() < doubling) {
            deliver(sent, sender.queuedUntil);
        }
    }

    private void deliver(Sent sent, long leftNanos) {
        long extra = jitterNanos == 0 ? 0 : (long) (random.nextDouble() * jitterNanos);
        loop.schedule(
                () -> {
                    Socket socket = sockets.get(sent.to());
                    if (socket != null) {
                        socket.arrive(sent);
                    }
                },
                leftNanos + delayNanos + extra);
    }

    /** A port. */
    final class Socket implements DatagramSocket {
        private PathAddress address;
        private final Sinks.Empty<Void> onClose = Sinks.empty();
        private @Nullable Receiver receiver;
        private long count;
        private long marked;
        private long queuedUntil;
        int mostSegments = 1;
        boolean writable = true;
        int calls;

        Socket(PathAddress address) {
            this.address = address;
        }

        /** Whether the bottleneck's queue has room. */
        private boolean queue(int bytes) {
            long now = nowNanos();
            if (queuedUntil - now > mostQueueNanos) {
                return false;
            }
            queuedUntil = Math.max(queuedUntil, now) + bytes * 1_000_000_000L / bytesPerSecond;
            return true;
        }

        /** A NAT gives it another address: what goes to the old one does not arrive. */
        void move(PathAddress to) {
            sockets.remove(address);
            address = to;
            sockets.put(to, this);
        }

        private void arrive(Sent sent) {
            Receiver ear = receiver;
            if (ear != null) {
                boolean congested = sent.mark() == Ecn.ECT_0 && congestedEvery > 0 && ++marked % congestedEvery == 0;
                byte[] copy = new byte[sent.bytes().length + 7];
                System.arraycopy(sent.bytes(), 0, copy, 7, sent.bytes().length);
                ear.onDatagram(copy, 7, sent.bytes().length, sent.from(), congested ? Ecn.CE : sent.mark());
                Arrays.fill(copy, (byte) 0x5A); // it was borrowed
                ear.onReceived();
            }
        }

        @Override
        public SessionLoop loop() {
            return loop;
        }

        @Override
        public SocketAddress localAddress() {
            return socketAddress(address);
        }

        @Override
        public SocketAddress socketAddress(PathAddress of) {
            return InetSocketAddress.createUnresolved("host", of.port());
        }

        @Override
        public void receive(Receiver ear) {
            receiver = ear;
        }

        @Override
        public void send(byte[] array, int offset, int length, int segmentBytes, PathAddress to, Ecn mark) {
            calls++;
            for (int at = 0; at < length; at += segmentBytes) {
                int end = Math.min(length, at + segmentBytes);
                byte[] bytes = Arrays.copyOfRange(array, offset + at, offset + end);
                carry(new Sent(bytes, address, to, mark, nowNanos()), count++);
            }
        }

        @Override
        public int mostSegments() {
            return mostSegments;
        }

        @Override
        public boolean writable() {
            return writable;
        }

        @Override
        public void close() {
            sockets.remove(address);
            onClose.tryEmitEmpty();
        }

        @Override
        public Mono<Void> onClose() {
            return onClose.asMono();
        }
    }
}
