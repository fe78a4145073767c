package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.peer.PeerAddress;
import io.weir.test.network.BlackHole;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Plain sockets through the proxy: each datagram begins with its number, and a last one shows that all have passed. */
final class UdpImpairmentTest {

    private static final int LAST = -1;

    private final DatagramSocket client = socket();
    private final DatagramSocket server = socket();

    private static DatagramSocket socket() {
        try {
            DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setReceiveBufferSize(1 << 20);
            socket.setSoTimeout(5_000);
            return socket;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private UdpImpairment proxy(long seed) {
        return UdpImpairment.startNow(PeerAddress.udp("127.0.0.1", server.getLocalPort()), seed);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private static void send(DatagramSocket from, InetSocketAddress to, int number, int bytes) throws IOException {
        from.send(new DatagramPacket(ByteBuffer.allocate(bytes).putInt(number).array(), bytes, to));
    }

    private static DatagramPacket receive(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
        at.receive(packet);
        return packet;
    }

    private static int number(DatagramPacket packet) {
        return ByteBuffer.wrap(packet.getData()).getInt();
    }

    /** Sends so many, and tells which arrived, in order. */
    private List<Integer> through(UdpImpairment proxy, int count, int bytes) throws IOException {
        for (int i = 0; i < count; i++) {
            send(client, proxy.socketAddress(), i, bytes);
        }
        return arrived(proxy, count);
    }

    /** Decisions are known when all have come, and those that pass arrive. */
    private List<Integer> arrived(UdpImpairment proxy, int count) throws IOException {
        awaitDecisions(proxy, Way.TO_TARGET, count);
        proxy.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(20)));
        send(client, proxy.socketAddress(), LAST, 4);
        List<Integer> numbers = new ArrayList<>();
        for (int number = number(receive(server)); number != LAST; number = number(receive(server))) {
            numbers.add(number);
        }
        return numbers;
    }

    private static void awaitDecisions(UdpImpairment proxy, Way way, int count) {
        while (proxy.decisions(way).size() < count) {
            Thread.yield();
        }
    }

    @Test
    void passesBothWaysUnharmed() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            send(client, proxy.socketAddress(), 7, 1_000);
            DatagramPacket there = receive(server);
            assertThat(number(there)).isEqualTo(7);
            assertThat(there.getLength()).isEqualTo(1_000);
            assertThat(there.getPort()).isNotEqualTo(client.getLocalPort());

            send(server, (InetSocketAddress) there.getSocketAddress(), 8, 500);
            DatagramPacket back = receive(client);
            assertThat(number(back)).isEqualTo(8);
            assertThat(back.getSocketAddress()).isEqualTo(proxy.socketAddress());
        }
    }

    @Test
    void sameSeedLosesTheSameDatagrams() throws IOException {
        LinkProfile lossy = LinkProfile.PERFECT.withLoss(0.2);
        List<List<Integer>> runs = new ArrayList<>();
        List<List<String>> decisions = new ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            try (UdpImpairment proxy = proxy(seed)) {
                proxy.profile(lossy);
                runs.add(through(proxy, 200, 100));
                decisions.add(proxy.decisions(Way.TO_TARGET).subList(0, 200));
            }
        }
        assertThat(runs.get(1)).isEqualTo(runs.get(0)).hasSizeBetween(120, 190);
        assertThat(decisions.get(1)).isEqualTo(decisions.get(0));
        assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
    }

    @Test
    void losesWhatDoesNotFitTheMtu() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            proxy.profile(LinkProfile.PERFECT.withMtu(576));
            send(client, proxy.socketAddress(), 1, 549);
            send(client, proxy.socketAddress(), 2, 548);
            assertThat(number(receive(server))).isEqualTo(2);
        }
    }

    @Test
    void losesWhatTheQueueHasNoRoomFor() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            // a minute for each: one is on its way through, five wait
            proxy.profile(LinkProfile.PERFECT.withBytesPerSecond(18).withQueueLimit(5));
            for (int i = 0; i < 50; i++) {
                send(client, proxy.socketAddress(), i, 1_000);
            }
            awaitDecisions(proxy, Way.TO_TARGET, 50);
            DatagramCounts counts = proxy.counts(Way.TO_TARGET);
            assertThat(counts.underWay()).isEqualTo(6);
            assertThat(counts.queueFull()).isEqualTo(44);
        }
    }

    @Test
    void duplicatesAndDamages() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            proxy.profile(LinkProfile.PERFECT.withDuplication(1));
            assertThat(through(proxy, 3, 8)).containsExactly(0, 0, 1, 1, 2, 2);

            proxy.profile(LinkProfile.PERFECT.withCorruption(1));
            send(client, proxy.socketAddress(), 0, 64);
            DatagramPacket damaged = receive(server);
            int ones = IntStream.range(0, damaged.getLength())
                    .map(i -> Integer.bitCount(damaged.getData()[i] & 0xff))
                    .sum();
            assertThat(ones).isEqualTo(1);
        }
    }

    @Test
    void reordersWithoutLoss() throws IOException {
        try (UdpImpairment proxy = proxy(2)) {
            proxy.profile(LinkProfile.PERFECT.withReordering(0.3));
            List<Integer> numbers = through(proxy, 100, 100);
            assertThat(numbers).hasSize(100).doesNotHaveDuplicates();
            assertThat(numbers).isNotEqualTo(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void partitionIsOneWayOrBothAndHeals() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            send(client, proxy.socketAddress(), 1, 4);
            InetSocketAddress back = (InetSocketAddress) receive(server).getSocketAddress();

            proxy.partition(Way.TO_TARGET);
            send(client, proxy.socketAddress(), 2, 4);
            send(server, back, 3, 4);
            assertThat(number(receive(client))).isEqualTo(3);

            proxy.heal();
            send(client, proxy.socketAddress(), 4, 4);
            assertThat(number(receive(server))).isEqualTo(4);

            send(server, back, 3, 4);
            assertThat(number(receive(client))).isEqualTo(3);
            proxy.blackHole(new BlackHole(Duration.ZERO, Duration.ofMinutes(1)));
            long swallowed = proxy.counts(Way.TO_CLIENT).swallowed();
            send(server, back, 5, 4);
            while (proxy.counts(Way.TO_CLIENT).swallowed() == swallowed) {
                assertThat(Thread.currentThread().isInterrupted()).isFalse(); // by the time limit of tests
                Thread.onSpinWait(); // what is decided may not have been done yet
            }
            proxy.heal();
            send(server, back, 6, 4);
            assertThat(number(receive(client))).isEqualTo(6);
        }
    }

    @Test
    void addressChangeGivesAnotherSourcePort() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            send(client, proxy.socketAddress(), 1, 4);
            InetSocketAddress before = (InetSocketAddress) receive(server).getSocketAddress();

            proxy.changeAddress();
            send(client, proxy.socketAddress(), 2, 4);
            DatagramPacket moved = receive(server);
            assertThat(number(moved)).isEqualTo(2);
            assertThat(moved.getSocketAddress()).isNotEqualTo(before);

            send(server, before, 3, 4);
            send(server, (InetSocketAddress) moved.getSocketAddress(), 4, 4);
            assertThat(number(receive(client))).isEqualTo(4);
        }
    }

    @Test
    void playsOneScenarioAtATime() throws IOException {
        Scenario restless = new Scenario("restless", LinkProfile.PERFECT, null, Duration.ofNanos(500_000));
        try (UdpImpairment proxy = proxy(1)) {
            proxy.play(restless);
            int first = portAsSeen(proxy);
            while (portAsSeen(proxy) == first) {
                Thread.onSpinWait();
            }

            proxy.play(Scenario.of("still", LinkProfile.PERFECT));
            int last = portAsSeen(proxy);
            for (int i = 0; i < 300; i++) {
                assertThat(portAsSeen(proxy)).isEqualTo(last);
            }
        }
    }

    /** By which port the server knows the client. */
    private int portAsSeen(UdpImpairment proxy) throws IOException {
        send(client, proxy.socketAddress(), 1, 4);
        return receive(server).getPort();
    }

    @Test
    void keepsDatagramsApartThatLeaveTogether() throws IOException {
        int[] sizes = {1_452, 1_452, 1_452, 900, 1_452, 4, 4, 1_200, 1_452, 1_452};
        try (UdpImpairment proxy = proxy(1)) {
            proxy.profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(30)));
            for (int size : sizes) {
                client.send(new DatagramPacket(new byte[size], size, proxy.socketAddress()));
            }
            for (int size : sizes) {
                assertThat(receive(server).getLength()).isEqualTo(size);
            }
            // those that came within 0.1 ms of each other have left in one piece, which shows in nothing
            assertThat(proxy.counts(Way.TO_TARGET).delivered()).isEqualTo(sizes.length);
        }
    }

    @Test
    void countsWhatBecomesOfEach() throws IOException {
        LinkProfile bad = LinkProfile.PERFECT
                .withLoss(0.1)
                .withDuplication(0.1)
                .withCorruption(0.1)
                .withReordering(0.1)
                .withMtu(1_000)
                .withBytesPerSecond(500_000)
                .withQueueLimit(50);
        UdpImpairment proxy = proxy(3);
        proxy.profile(bad);
        for (int i = 0; i < 1_000; i++) {
            send(client, proxy.socketAddress(), i, i % 100 == 0 ? 973 : 600);
            if (i % 20 == 0) {
                awaitCame(proxy, i + 1);
            }
        }
        awaitCame(proxy, 1_000);
        proxy.partition();
        send(client, proxy.socketAddress(), 1_000, 600);
        awaitCame(proxy, 1_001);
        DatagramCounts counts = proxy.counts(Way.TO_TARGET);
        proxy.close();
        DatagramCounts last = proxy.counts(Way.TO_TARGET);

        assertThat(counts.came() + counts.duplicated())
                .isEqualTo(counts.delivered() + counts.lost() + counts.underWay());
        assertThat(counts.tooLarge()).isEqualTo(10);
        assertThat(counts.swallowed()).isEqualTo(1);
        assertThat(counts.lostByChance()).isPositive();
        assertThat(counts.queueFull()).isPositive();
        assertThat(counts.damaged()).isPositive();
        assertThat(counts.duplicated()).isPositive();
        assertThat(counts.heldBack()).isPositive();
        assertThat(counts.overflowed()).isZero();
        assertThat(last.underWay()).isZero();
        assertThat(last.came() + last.duplicated()).isEqualTo(last.delivered() + last.lost());
        assertThat(proxy.counts(Way.TO_CLIENT).came()).isZero();
    }

    private static void awaitCame(UdpImpairment proxy, long count) {
        while (proxy.counts(Way.TO_TARGET).came() < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void holdsSoManyDatagramsAndBytesUnderWay() throws IOException {
        LinkProfile far = LinkProfile.PERFECT.withLatency(Duration.ofHours(1)).withMtu(65_535);
        for (int bytes : new int[] {8, 65_000}) {
            int most = Math.min(UnderWay.MOST_DATAGRAMS, UnderWay.MOST_BYTES / bytes);
            try (UdpImpairment proxy = proxy(1)) {
                proxy.profile(far);
                for (int i = 1; i <= most + 5; i++) {
                    send(client, proxy.socketAddress(), i, bytes);
                    if (i % 20 == 0) {
                        awaitCame(proxy, i); // no more than the system holds
                    }
                }
                awaitCame(proxy, most + 5);
                assertThat(proxy.counts(Way.TO_TARGET).underWay()).isEqualTo(most);
                assertThat(proxy.counts(Way.TO_TARGET).overflowed()).isEqualTo(5);
            }
        }
    }

    @Test
    void servesSoManyClients() throws IOException {
        try (UdpImpairment proxy = proxy(1)) {
            List<DatagramSocket> sockets = new ArrayList<>();
            for (int i = 1; i <= 257; i++) {
                sockets.add(socket());
                send(sockets.get(i - 1), proxy.socketAddress(), i, 4);
                awaitCame(proxy, i);
            }
            sockets.forEach(DatagramSocket::close);
            assertThat(proxy.counts(Way.TO_TARGET).overflowed()).isEqualTo(1);
        }
    }

    @Test
    void nothingPassesOnceClosed() throws Exception {
        UdpImpairment proxy = proxy(1);
        InetSocketAddress at = proxy.socketAddress();
        proxy.close();
        proxy.close();
        server.setSoTimeout(50);
        send(client, at, 1, 4);
        assertThatThrownBy(() -> receive(server)).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void staysOnTheLoopbackInterface() {
        assertThatThrownBy(() -> UdpImpairment.startNow(PeerAddress.udp("192.0.2.1", 9), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target is udp://192.0.2.1:9, must be a port of a loopback address");
        assertThatThrownBy(() -> UdpImpairment.startNow(PeerAddress.tcp("127.0.0.1", 9), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target is tcp://127.0.0.1:9, must be udp://host:port or quic://host:port");
    }
}
