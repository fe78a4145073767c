package io.weir.benchmarks.peer.aeron;

import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.netty.TcpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One process' media driver, its client, and the thread on which everything of the application happens: {@link Duty}s in turn.
 * It ends with the process, whose exit also removes the driver's files.
 */
final class AeronNode {
    /** Names the one socket that all subscriptions share. */
    private static final String SOCKET = "aeron:udp?tags=1";

    private static final int BUFFER_BYTES = 4 << 20;

    /** A term for each publication; Aeron keeps three of them, and its window is half a term at most. */
    private static final int TERM_BYTES = 16 << 20;

    private static final int TERM_BYTES_OF_MANY = 1 << 20;
    private static final int FEW = 8;

    /** What may be under way on one stream: Aeron's own is 128 KiB. */
    private static final int WINDOW_BYTES = 1 << 20;

    private final Aeron aeron;
    private final Subscription hellos;
    private final Queue<Duty> added = new ConcurrentLinkedQueue<>();

    /** Something the application's thread does. */
    interface Duty {
        /** Does what there is to do, and returns how much it was; 0: nothing. */
        int work();
    }

    private AeronNode(Aeron aeron) {
        this.aeron = aeron;
        hellos = aeron.addSubscription(SOCKET + "|endpoint=" + TcpAddress.HOST + ":0", AeronPeer.HELLO_STREAM);
    }

    /** Starts a driver for so many streams. */
    static AeronNode start(int mtuBytes, int streams) {
        int termBytes = streams > FEW ? TERM_BYTES_OF_MANY : TERM_BYTES;
        MediaDriver driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                .aeronDirectoryName("/dev/shm/weir-benchmark-aeron-" + UUID.randomUUID())
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idling())
                .mtuLength(mtuBytes)
                .socketSndbufLength(BUFFER_BYTES)
                .socketRcvbufLength(BUFFER_BYTES)
                .initialWindowLength(Math.min(WINDOW_BYTES, termBytes / 2))
                .publicationTermBufferLength(termBytes));
        Runtime.getRuntime().addShutdownHook(new Thread(driver::close, "aeron-close"));
        AeronNode node =
                new AeronNode(Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.aeronDirectoryName())));
        Thread thread = new Thread(node::run, "aeron-application");
        thread.setDaemon(true);
        thread.start();
        return node;
    }

    /** Where clients say hello: {@code 127.0.0.1:port}. */
    String address() {
        return Objects.requireNonNull(hellos.resolvedEndpoint(), "not bound");
    }

    /** Acts on the endpoint of each client that says hello, on the application's thread. */
    void onHello(Consumer<String> client) {
        FragmentHandler handler = new FragmentAssembler(
                (buffer, offset, length, header) -> client.accept(buffer.getStringWithoutLengthAscii(offset, length)));
        add(() -> hellos.poll(handler, 1));
    }

    /** Tells a server where this is, and returns once that is on its way. */
    void hello(String server) {
        Publication publication = publish(server, AeronPeer.HELLO_STREAM);
        UnsafeBuffer text = new UnsafeBuffer(address().getBytes(StandardCharsets.US_ASCII));
        CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
        add(() -> {
            if (told.isDone() || publication.offer(text) < 0) {
                return 0;
            }
            told.complete(null);
            return 1;
        });
        try {
            told.get(Peer.SETUP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("nobody listens at " + server, e);
        }
    }

    /** A publication to that endpoint, for the application's thread. */
    Publication publish(String endpoint, int stream) {
        return aeron.addExclusivePublication("aeron:udp?endpoint=" + endpoint, stream);
    }

    /** A subscription of that stream, at this {@link #address}. */
    Subscription subscribe(int stream) {
        return aeron.addSubscription(SOCKET, stream);
    }

    /** Lets the application's thread do this too from now on. Any thread. */
    void add(Duty duty) {
        added.add(duty);
    }

    private void run() {
        List<Duty> duties = new ArrayList<>();
        IdleStrategy idle = idling();
        while (!aeron.isClosed()) {
            for (Duty next = added.poll(); next != null; next = added.poll()) {
                duties.add(next);
            }
            int work = 0;
            for (Duty duty : duties) {
                work += duty.work();
            }
            idle.idle(work);
        }
    }

    /** As Aeron's threads idle by default, which park ever longer, but for up to 4 ms in place of 1: peers that wait must idle. */
    private static IdleStrategy idling() {
        return new BackoffIdleStrategy(10, 20, 1_000, 4_000_000);
    }
}
