package io.weir.reactive.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.datagram.DatagramCounts;
import io.weir.core.path.Ecn;
import io.weir.core.path.PathAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link DatagramSocket} keeps to, over a wire that loses nothing as long as it is not flooded. */
@Timeout(60)
public abstract class DatagramSocketContractTest {

    private static final int BURST = 10_000;

    /** So many may be under way at a time where all are to arrive. */
    private static final int WINDOW = 256;

    private final List<DatagramSocket> sockets = new ArrayList<>();
    private final Map<DatagramSocket, DatagramRecorder> recorders = new ConcurrentHashMap<>();

    /** A socket at a free port, or that port, of one address that all of a test's sockets reach each other at. */
    protected abstract DatagramSocket newSocket(int port) throws Exception;

    /** Where others reach it. */
    protected abstract PathAddress addressOf(DatagramSocket socket);

    /** Does something on the socket's loop and waits until it is done; what it throws is thrown on. */
    protected abstract void onLoop(DatagramSocket socket, Runnable task) throws Exception;

    /** Waits, and lets the network work meanwhile. */
    protected abstract void awaitTrue(String what, BooleanSupplier condition);

    /** The largest datagram that passes. */
    protected abstract int largest();

    /** Whether one that is larger is refused with a word, and not just lost. */
    protected abstract boolean refuses();

    protected final DatagramSocket bind(int port) throws Exception {
        DatagramSocket socket = newSocket(port);
        sockets.add(socket);
        recorders.put(socket, new DatagramRecorder(socket));
        return socket;
    }

    /** A socket that receives. */
    protected final DatagramSocket open() throws Exception {
        DatagramSocket socket = bind(0);
        onLoop(socket, () -> heardBy(socket).call(() -> socket.receive(heardBy(socket))));
        return socket;
    }

    protected final DatagramRecorder heardBy(DatagramSocket socket) {
        return Objects.requireNonNull(recorders.get(socket));
    }

    protected final void send(DatagramSocket from, DatagramSocket to, byte[] bytes, int segmentBytes) throws Exception {
        send(from, addressOf(to), bytes, segmentBytes);
    }

    protected final void send(DatagramSocket from, PathAddress to, byte[] bytes, int segmentBytes) throws Exception {
        onLoop(from, () -> sendNow(from, to, bytes, segmentBytes));
    }

    /** On the loop. */
    protected final void sendNow(DatagramSocket from, PathAddress to, byte[] bytes, int segmentBytes) {
        byte[] array = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, array, 3, bytes.length);
        heardBy(from).call(() -> from.send(array, 3, bytes.length, segmentBytes, to, Ecn.NOT_ECT));
        Arrays.fill(array, (byte) 0xEE); // it was copied
    }

    /** Bytes that tell the number, and of which none is like its neighbour's. */
    protected static byte[] content(int number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (number * 31 + i * 7 + (i >> 8));
        }
        if (length >= Integer.BYTES) {
            ByteBuffer.wrap(bytes).putInt(number);
        }
        return bytes;
    }

    @AfterEach
    void nothingForbiddenWasHeard() {
        for (DatagramSocket socket : sockets) {
            socket.close();
            socket.close();
        }
        for (DatagramSocket socket : sockets) {
            LinkTestKit.awaitEnd(socket.onClose().doOnSubscribe(s -> awaitTrue("closed", () -> true)));
            assertThat(heardBy(socket).faults()).isEmpty();
        }
    }

    @Test
    void carriesDatagramsOfEverySizeWithTheirSender() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        int[] sizes = {1, 2, 3, 1_199, 1_200, 1_201, 1_452, 1_472, 1_473, 8_192, 65_000, 65_507};
        List<byte[]> sent = IntStream.of(sizes)
                .filter(size -> size <= largest())
                .mapToObj(size -> content(size, size))
                .toList();

        for (byte[] bytes : sent) {
            send(from, to, bytes, bytes.length);
        }

        awaitTrue("all have come", () -> heardBy(to).count() == sent.size());
        assertThat(heardBy(to).datagrams())
                .extracting(DatagramRecorder.Heard::bytes)
                .containsExactlyElementsOf(sent);
        assertThat(heardBy(to).datagrams()).allSatisfy(heard -> {
            assertThat(heard.from()).isEqualTo(addressOf(from));
            assertThat(heard.mark()).isEqualTo(Ecn.NOT_ECT);
        });
        awaitTrue("told", () -> heardBy(to).events().contains("received"));
    }

    @Test
    void cutsBatchesOfEveryNumberRight() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        int segmentBytes = Math.min(1_452, largest());
        int expected = 0;

        for (int segments = 1; segments <= from.mostSegments(); segments++) {
            for (int last : new int[] {1, segmentBytes - 1, segmentBytes}) {
                int from0 = expected;
                send(from, to, batch(from0, segments, segmentBytes, last), segmentBytes);
                expected += segments;
                int come = expected;
                awaitTrue(come + " have come", () -> heardBy(to).count() == come);
            }
        }

        List<DatagramRecorder.Heard> heard = heardBy(to).datagrams();
        int number = 0;
        for (int segments = 1; segments <= from.mostSegments(); segments++) {
            for (int last : new int[] {1, segmentBytes - 1, segmentBytes}) {
                for (int i = 0; i < segments; i++) {
                    int length = i < segments - 1 ? segmentBytes : last;
                    assertThat(heard.get(number).bytes()).isEqualTo(content(number, length));
                    number++;
                }
            }
        }
    }

    @Test
    void countsWhatItSendsAndReceivesAlsoForOtherThreadsAndOnceItIsClosed() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        assertThat(from.counts()).isEqualTo(DatagramCounts.NONE);
        int segments = Math.min(from.mostSegments(), 3);

        send(from, to, batch(0, segments, 100, 50), 100);
        send(from, to, content(1, 10), 10);
        awaitTrue("all have come", () -> heardBy(to).count() == segments + 1);
        awaitTrue("all are counted", () -> from.counts().sent() == segments + 1);
        from.close();
        to.close();

        assertThat(from.counts()).isEqualTo(new DatagramCounts(segments + 1, 0, 0, 0, 0, 0));
        assertThat(to.counts()).isEqualTo(new DatagramCounts(0, segments + 1, 0, 0, 0, 0));
    }

    private static byte[] batch(int first, int segments, int segmentBytes, int last) {
        ByteBuffer all = ByteBuffer.allocate((segments - 1) * segmentBytes + last);
        for (int i = 0; i < segments; i++) {
            all.put(content(first + i, i < segments - 1 ? segmentBytes : last));
        }
        return all.array();
    }

    @Test
    void takesBatchesOfSegmentsAsLargeAsDatagramsGet() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        int segments = Math.min(from.mostSegments(), 3);

        send(from, to, batch(0, segments, largest(), largest()), largest());

        awaitTrue("all have come", () -> heardBy(to).count() == segments);
        assertThat(heardBy(to).datagrams())
                .extracting(DatagramRecorder.Heard::bytes)
                .containsExactlyElementsOf(IntStream.range(0, segments)
                        .mapToObj(i -> content(i, largest()))
                        .toList());
    }

    @Test
    void ofABurstNoneComesTwiceOrChanged() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        int segments = from.mostSegments();

        onLoop(from, () -> {
            for (int number = 0; number < BURST; number += segments) {
                int now = Math.min(segments, BURST - number);
                sendNow(from, addressOf(to), batch(number, now, 100, 100), 100);
            }
        });
        awaitTrue(
                "the network is idle",
                () -> heardBy(from).count() == 0 && heardBy(to).count() > 0);
        send(from, to, content(-1, 100), 100);
        awaitTrue("the last one has come", () -> last(to) == -1);

        int before = -1;
        for (DatagramRecorder.Heard heard : heardBy(to).datagrams()) {
            int number = ByteBuffer.wrap(heard.bytes()).getInt();
            assertThat(heard.bytes()).isEqualTo(content(number, 100));
            assertThat(number == -1 || number > before)
                    .as("%s behind %s", number, before)
                    .isTrue();
            before = number;
        }
    }

    private int last(DatagramSocket socket) {
        List<DatagramRecorder.Heard> heard = heardBy(socket).datagrams();
        return heard.isEmpty()
                ? 0
                : ByteBuffer.wrap(heard.get(heard.size() - 1).bytes()).getInt();
    }

    @Test
    void losesNothingThatIsNotTooMuch() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        int segments = Math.min(from.mostSegments(), WINDOW);

        for (int number = 0; number < BURST; ) {
            int now = number;
            int until = Math.min(number + WINDOW, BURST);
            onLoop(from, () -> {
                for (int at = now; at < until; at += segments) {
                    sendNow(from, addressOf(to), batch(at, Math.min(segments, until - at), 1_200, 1_200), 1_200);
                }
            });
            awaitTrue(until + " have come", () -> heardBy(to).count() == until);
            number = until;
        }

        assertThat(heardBy(to).datagrams())
                .extracting(heard -> ByteBuffer.wrap(heard.bytes()).getInt())
                .containsExactlyElementsOf(IntStream.range(0, BURST).boxed().toList());
    }

    @Test
    void keepsWhatComesBeforeSomebodyReceives() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = bind(0);

        send(from, to, content(1, 50), 50);
        send(from, to, content(2, 50), 50);
        onLoop(to, () -> heardBy(to).call(() -> to.receive(heardBy(to))));

        awaitTrue("both have come", () -> heardBy(to).count() == 2);
    }

    @Test
    void receivesForOneOnly() throws Exception {
        DatagramSocket socket = open();

        assertThatThrownBy(() -> onLoop(socket, () -> socket.receive(new DatagramRecorder(socket))))
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void answersGoToWhereADatagramCameFrom() throws Exception {
        DatagramSocket asking = open();
        DatagramSocket answering = open();
        heardBy(answering).onEach(heard -> sendNow(answering, heard.from(), content(2, 60), 60));

        send(asking, answering, content(1, 60), 60);

        awaitTrue("the answer has come", () -> heardBy(asking).count() == 1);
        assertThat(heardBy(asking).datagrams().get(0).from()).isEqualTo(addressOf(answering));
    }

    @Test
    void aPortThatNobodyHasHarmsNobody() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        DatagramSocket gone = bind(0);
        PathAddress nobody = addressOf(gone);
        gone.close();
        LinkTestKit.awaitEnd(gone.onClose());

        for (int i = 0; i < 20; i++) {
            send(from, nobody, content(i, 80), 80);
            send(from, to, content(i, 80), 80);
            int come = i + 1;
            awaitTrue(come + " have come", () -> heardBy(to).count() == come);
        }

        assertThat(heardBy(from).isClosed()).isFalse();
    }

    @Test
    void oneThatIsTooLargeIsRefusedByALaterTaskAndOthersGo() throws Exception {
        Assumptions.assumeTrue(refuses(), "this network loses what is too large");
        DatagramSocket from = open();
        DatagramSocket to = open();

        send(from, to, content(1, largest() + 1), largest() + 1);
        send(from, to, content(2, 80), 80);

        awaitTrue("the other has come", () -> heardBy(to).count() == 1);
        awaitTrue(
                "told",
                () -> heardBy(from)
                        .events()
                        .contains("refused " + (largest() + 1) + " to port "
                                + addressOf(to).port()));
    }

    @Test
    void takesOnlyWhatItCanCut() throws Exception {
        DatagramSocket socket = open();
        PathAddress to = addressOf(socket);
        int most = socket.mostSegments();

        assertThat(most).isPositive();
        for (int[] wrong : new int[][] {{0, 10}, {10, 0}, {most * 10 + 1, 10}, {-1, 10}, {2_000, 2_000}}) {
            assertThatThrownBy(() ->
                            onLoop(socket, () -> socket.send(new byte[1_000], 0, wrong[0], wrong[1], to, Ecn.NOT_ECT)))
                    .hasRootCauseInstanceOf(RuntimeException.class);
        }
        assertThat(heardBy(socket).count()).isZero();
    }

    @Test
    void tellsItsEndOnceAndNothingAfterIt() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        heardBy(to).onEach(heard -> heardBy(to).call(to::close));

        for (int i = 0; i < 100; i++) {
            send(from, to, content(i, 100), 100);
        }

        awaitTrue("closed", () -> heardBy(to).isClosed());
        assertThat(heardBy(to).count()).isEqualTo(1);
        onLoop(to, () -> to.send(new byte[10], 0, 10, 10, addressOf(from), Ecn.NOT_ECT));
        to.close();
        LinkTestKit.awaitEnd(to.onClose());
        assertThat(heardBy(to).events())
                .filteredOn(event -> event.startsWith("closed"))
                .containsExactly("closed null");
    }

    @Test
    void endsWhileItSends() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();

        onLoop(from, () -> {
            for (int i = 0; i < 1_000; i++) {
                sendNow(from, addressOf(to), content(i, 1_000), 1_000);
                if (i == 500) {
                    heardBy(from).call(from::close);
                }
            }
        });

        awaitTrue("closed", () -> heardBy(from).isClosed());
        assertThat(heardBy(to).count()).isLessThanOrEqualTo(501);
    }

    @Test
    void whoReceivesTooLateHearsTheEnd() throws Exception {
        DatagramSocket socket = bind(0);
        socket.close();
        LinkTestKit.awaitEnd(socket.onClose());

        onLoop(socket, () -> heardBy(socket).call(() -> socket.receive(heardBy(socket))));

        awaitTrue("told", () -> heardBy(socket).isClosed());
    }

    @Test
    void aPortIsOnesUntilItIsClosedAndThenAnothers() throws Exception {
        DatagramSocket first = open();
        int port = addressOf(first).port();

        assertThatThrownBy(() -> bind(port)).isNotNull();
        first.close();
        LinkTestKit.awaitEnd(first.onClose());
        DatagramSocket second = bind(port);

        assertThat(addressOf(second).port()).isEqualTo(port);
    }

    @Test
    void aReceiverThatThrowsHarmsNobody() throws Exception {
        DatagramSocket from = open();
        DatagramSocket to = open();
        AtomicReference<@Nullable RuntimeException> thrown =
                new AtomicReference<>(new IllegalStateException("on purpose"));
        heardBy(to).onEach(heard -> {
            RuntimeException once = thrown.getAndSet(null);
            if (once != null) {
                throw once;
            }
        });

        send(from, to, content(1, 40), 40);
        send(from, to, content(2, 40), 40);

        awaitTrue("both have come", () -> heardBy(to).count() == 2);
        assertThat(heardBy(to).isClosed()).isFalse();
    }

    @Test
    void isWritableWhereNothingWaits() throws Exception {
        DatagramSocket socket = open();
        AtomicReference<Boolean> writable = new AtomicReference<>();

        onLoop(socket, () -> writable.set(socket.writable()));

        assertThat(writable.get()).isTrue();
    }

    @Test
    void showsAddressesToPeople() throws Exception {
        DatagramSocket socket = open();

        assertThat(socket.socketAddress(addressOf(socket))).isEqualTo(socket.localAddress());
    }
}
