package io.weir.reactive.node;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.memory.MemoryNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;

/** The bytes of a {@link RoguePeer}, under its full control: nothing is read or written but on its call. */
interface RogueWire extends AutoCloseable {

    Duration PATIENCE = Duration.ofSeconds(20);

    void write(byte[] bytes);

    /** Some of what came, at least one byte; null when the node has ended or broken the connection. */
    byte @Nullable [] read();

    /** FIN. */
    void closeOutput();

    /** Ends the connection as an operating system does for a process that died: RST. */
    void abort();

    @Override
    void close();

    /** A plain socket, connected to a listener of the node. */
    static RogueWire dial(PeerAddress address) {
        try {
            return of(new Socket(InetAddress.getByName(address.host()), address.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next connection that a node makes to that server. */
    static RogueWire accept(ServerSocket server) {
        try {
            server.setSoTimeout((int) PATIENCE.toMillis());
            return of(server.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RogueWire of(Socket socket) throws IOException {
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        return new SocketWire(socket);
    }

    /** In memory: time does not pass, but everything happens that needs none. */
    static RogueWire dial(Transport transport, MemoryNetwork network, TrackedTime time, String name) {
        return new MemoryWire(transport, network, time, name);
    }

    /** Blocking, as the simplest attacker is. */
    final class SocketWire implements RogueWire {
        private final Socket socket;
        private final byte[] chunk = new byte[64 * 1024];

        SocketWire(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void write(byte[] bytes) {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // The node has closed on us, as it may; reading shows it.
            }
        }

        @Override
        public byte @Nullable [] read() {
            try {
                int count = socket.getInputStream().read(chunk);
                return count < 0 ? null : Arrays.copyOf(chunk, count);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the node said nothing for " + PATIENCE, e);
            } catch (IOException e) {
                return null;
            }
        }

        @Override
        public void closeOutput() {
            try {
                socket.shutdownOutput();
            } catch (IOException e) {
                // The node was faster.
            }
        }

        @Override
        public void abort() {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // The node was faster.
            }
            close();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A raw link of the in-memory network. */
    final class MemoryWire implements RogueWire {
        private final MemoryNetwork network;
        private final TrackedTime time;
        private final String name;
        private final Link link;
        private final Sinks.Many<ByteBuffer> output = Sinks.many().unicast().onBackpressureBuffer();
        private final Deque<byte[]> input = new ArrayDeque<>();
        private boolean reading;
        private boolean ended;

        MemoryWire(Transport transport, MemoryNetwork network, TrackedTime time, String name) {
            this.network = network;
            this.time = time;
            this.name = name;
            AtomicReference<Link> dialled = new AtomicReference<>();
            transport.connect(PeerAddress.memory(name), Duration.ofSeconds(1)).subscribe(dialled::set);
            time.settle();
            link = Objects.requireNonNull(dialled.get(), "no link");
            link.send(output.asFlux()).subscribe(null, e -> {}, link::closeOutput);
        }

        @Override
        public void write(byte[] bytes) {
            link.loop().execute(() -> output.tryEmitNext(ByteBuffer.wrap(bytes)));
            time.settle();
        }

        @Override
        public byte @Nullable [] read() {
            if (!reading) {
                reading = true;
                link.inbound()
                        .subscribe(
                                chunk -> {
                                    byte[] bytes = new byte[chunk.remaining()];
                                    chunk.get(bytes);
                                    input.add(bytes);
                                },
                                e -> ended = true,
                                () -> ended = true);
            }
            time.settle();
            byte[] next = input.poll();
            if (next == null && !ended) {
                throw new AssertionError("the node says nothing");
            }
            return next;
        }

        @Override
        public void closeOutput() {
            link.loop().execute(output::tryEmitComplete);
            time.settle();
        }

        @Override
        public void abort() {
            network.reset(name);
            time.settle();
        }

        @Override
        public void close() {
            link.close();
            time.settle();
        }
    }
}
