package io.weir.test.simulation;

import io.weir.test.network.BlackHole;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.network.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Two to four hosts that carry contents to each other by {@link Arq} over datagrams, on a network that breaks and heals, as
 * a seed has it. {@link #run} is one whole run.
 */
final class DatagramSimulation implements AutoCloseable {

    /** From the last fault until everything has arrived. */
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    private static final Duration QUIET = Duration.ofSeconds(6);
    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final int MOST_BYTES = 576 - 28 - DatagramWatch.HEADER_BYTES;

    private final Random random;
    private final SimulatedNetwork network;
    private final List<String> hosts = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<Transfer> transfers = new ArrayList<>();
    private final Weather weather;

    /** The network stays as it is but for outages and moves: what chance does not mix up keeps its order. */
    private final boolean steady;

    private record Transfer(
            String from,
            String to,
            DatagramWatch sending,
            DatagramWatch receiving,
            List<byte[]> contents,
            Arq.Sender sender,
            Arq.Receiver receiver) {}

    private DatagramSimulation(long seed) {
        random = new Random(seed);
        network = SimulatedNetwork.seeded(seed);
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            hosts.add("h" + i);
        }
        steady = random.nextBoolean();
        weather = new Weather(network, random, hosts);
        LinkProfile profile = profile();
        if (steady) {
            network.profile(profile);
        } else {
            weather.begin();
        }
        boolean ordered = steady && profile.jitter().isZero() && profile.reordering() == 0;
        int most = 1 + random.nextInt(3);
        for (int i = 0; i < most; i++) {
            transfers.add(transfer(i, ordered));
        }
    }

    /**
     * One whole run.
     *
     * @return how many datagrams were sent
     * @throws AssertionError if something is not as it must be, with all that is needed to run it again
     */
    static int run(long seed) {
        try (DatagramSimulation simulation = new DatagramSimulation(seed)) {
            try {
                simulation.run();
                return simulation.transfers.stream()
                        .mapToInt(t -> t.sending.sent() + t.receiving.sent())
                        .sum();
            } catch (Throwable e) {
                throw new AssertionError(e.getMessage() + "\n" + simulation.network.report(), e);
            }
        }
    }

    private LinkProfile profile() {
        LinkProfile profile = LinkProfile.PERFECT.withLatency(Duration.ofMillis(random.nextInt(60)));
        if (random.nextInt(3) == 0) {
            List<Scenario> scenarios = Scenario.all();
            profile = scenarios.get(random.nextInt(scenarios.size())).profile();
        }
        if (random.nextInt(3) == 0) {
            profile = profile.withLoss(random.nextInt(3) * 0.1).withCorruption(random.nextInt(3) * 0.05);
        }
        if (random.nextInt(3) == 0) {
            profile = profile.withDuplication(0.2).withMtu(576 + random.nextInt(800));
        }
        return random.nextInt(3) == 0
                ? profile.withReordering(0.1 * random.nextInt(4)).withJitter(Duration.ofMillis(random.nextInt(30)))
                : profile;
    }

    private Transfer transfer(int number, boolean ordered) {
        int from = random.nextInt(hosts.size());
        int to = (from + 1 + random.nextInt(hosts.size() - 1)) % hosts.size();
        int port = 1_000 + number;
        DatagramWatch sending = new DatagramWatch(network, hosts.get(from), port, violations::add);
        DatagramWatch receiving = new DatagramWatch(network, hosts.get(to), port, violations::add);
        DatagramWatch.join(sending, receiving, ordered);
        List<byte[]> contents = new ArrayList<>();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            byte[] content = new byte[random.nextInt(MOST_BYTES + 1)];
            random.nextBytes(content);
            contents.add(content);
        }
        Arq.Receiver receiver = new Arq.Receiver(receiving);
        Arq.Sender sender = new Arq.Sender(network, sending, hosts.get(to), port, TIMEOUT, contents);
        return new Transfer(hosts.get(from), hosts.get(to), sending, receiving, contents, sender, receiver);
    }

    private void run() {
        // from inside a task, as a host sends: what a datagram causes comes behind it
        transfers.forEach(transfer -> network.after(Duration.ZERO, transfer.sender::start));
        int changes = random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            network.advance(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 100 : 1_000)));
            failIfBroken();
            change();
            probe();
        }
        transfers.forEach(transfer -> {
            transfer.sending.anyOrder();
            transfer.receiving.anyOrder();
        });
        weather.end();
        boolean done =
                network.advanceUntil(() -> transfers.stream().allMatch(transfer -> transfer.sender.isDone()), PROGRESS);
        require(done, "no progress within " + PROGRESS + " of the last fault");
        network.advance(QUIET);
        transfers.forEach(this::checkArrived);
        checkCounts();
        failIfBroken();
    }

    private void change() {
        if (!steady) {
            weather.change();
            return;
        }
        String a = hosts.get(random.nextInt(hosts.size()));
        String b = hosts.get(random.nextInt(hosts.size()));
        switch (random.nextInt(6)) {
            case 0 -> network.partition(Set.of(a), Set.of(b));
            case 1 -> network.partitionOneWay(a, b);
            case 2 -> network.heal();
            case 3 -> network.between(a, b).blackHole(new BlackHole(Duration.ofMillis(300), Duration.ofMillis(200)));
            case 4 -> network.changeAddress(a);
            default -> network.freeze(a, Duration.ofMillis(1 + random.nextInt(1_500)));
        }
    }

    /** Larger than many an MTU; nobody needs it. */
    private void probe() {
        Transfer transfer = transfers.get(random.nextInt(transfers.size()));
        DatagramWatch to = transfer.sending;
        byte[] content = new byte[random.nextInt(1_600)];
        network.after(
                Duration.ZERO, () -> transfer.receiving.send(-1, content, network.addressOf(transfer.from), to.port()));
    }

    private void checkArrived(Transfer transfer) {
        List<byte[]> got = transfer.receiver.delivered;
        require(
                got.size() == transfer.contents.size(),
                got.size() + " contents arrived of " + transfer.contents.size());
        for (int i = 0; i < got.size(); i++) {
            require(Arrays.equals(got.get(i), transfer.contents.get(i)), "content " + i + " is another one");
        }
    }

    /** Every datagram, and every copy of one, was delivered or lost for a reason. */
    private void checkCounts() {
        require(network.trace().count() <= Trace.KEPT, "the trace is too long to be counted");
        List<String> lines = network.trace().text().lines().toList();
        long sent = count(lines, " bytes ");
        long copies = count(lines, " duplicated");
        long delivered = count(lines, " delivered");
        long lost = count(lines, " lost: ");
        require(
                sent + copies == delivered + lost,
                sent + " were sent and " + copies + " doubled, " + delivered + " delivered and " + lost + " lost");
        long sends = transfers.stream()
                .mapToLong(t -> t.sending.sent() + t.receiving.sent())
                .sum();
        long arrivals = transfers.stream()
                .mapToLong(t -> t.sending.received() + t.receiving.received())
                .sum();
        require(sends == sent, sends + " were sent, the network knows of " + sent);
        require(arrivals == delivered, arrivals + " arrived, the network delivered " + delivered);
    }

    private static long count(List<String> lines, String part) {
        return lines.stream()
                .filter(line -> line.contains(" datagram of ") && line.contains(part))
                .count();
    }

    private void failIfBroken() {
        require(violations.isEmpty(), String.join("\n  and ", violations));
    }

    private static void require(boolean legal, String what) {
        if (!legal) {
            throw new AssertionError(what);
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
