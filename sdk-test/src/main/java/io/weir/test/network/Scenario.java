package io.weir.test.network;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A named kind of bad network between two hosts, both ways: a profile, and what happens as time goes by. The constants are
 * those of the interoperability runs of QUIC's implementations, with their figures, and three kinds of access network.
 *
 * @param name in lower case, as it is printed
 * @param profile of both directions
 * @param blackHole when everything is swallowed, or null
 * @param addressChangeEvery how often the first host gets another address; zero is never
 */
public record Scenario(
        String name, LinkProfile profile, @Nullable BlackHole blackHole, Duration addressChangeEvery) {

    /** 10 Mbit/s, 15 ms one way, 25 packets of queue: what the runs of QUIC's implementations build on. */
    public static final Scenario BOTTLENECK = of(
            "bottleneck",
            LinkProfile.PERFECT
                    .withBytesPerSecond(1_250_000)
                    .withLatency(Duration.ofMillis(15))
                    .withQueueLimit(25));

    /** 30 % of loss, at most three packets in a row: for connecting under. */
    public static final Scenario HANDSHAKE_LOSS =
            of("handshake loss", BOTTLENECK.profile.withLoss(0.3).withLongestRun(3));

    /** 2 % of loss, at most three packets in a row. */
    public static final Scenario TRANSFER_LOSS =
            of("transfer loss", BOTTLENECK.profile.withLoss(0.02).withLongestRun(3));

    /** 30 % of the packets damaged, at most three in a row: for connecting under. */
    public static final Scenario HANDSHAKE_CORRUPTION =
            of("handshake corruption", BOTTLENECK.profile.withCorruption(0.3).withLongestRun(3));

    /** 2 % of the packets damaged, at most three in a row. */
    public static final Scenario TRANSFER_CORRUPTION =
            of("transfer corruption", BOTTLENECK.profile.withCorruption(0.02).withLongestRun(3));

    /** Open for 5 s, swallowing everything for 2 s, by turns. */
    public static final Scenario BLACK_HOLE = new Scenario(
            "black hole",
            BOTTLENECK.profile,
            new BlackHole(Duration.ofSeconds(5), Duration.ofSeconds(2)),
            Duration.ZERO);

    /** 750 ms one way. */
    public static final Scenario LONG_ROUND_TRIP =
            of("long round trip", BOTTLENECK.profile.withLatency(Duration.ofMillis(750)));

    /** The first host gets another address each 5 s. */
    public static final Scenario ADDRESS_CHANGE =
            new Scenario("address change", BOTTLENECK.profile, null, Duration.ofSeconds(5));

    /** {@link LinkProfile#WIFI}. */
    public static final Scenario WIFI = of("wifi", LinkProfile.WIFI);

    /** {@link LinkProfile#G4}. */
    public static final Scenario G4 = of("4g", LinkProfile.G4);

    /** {@link LinkProfile#G3}. */
    public static final Scenario G3 = of("3g", LinkProfile.G3);

    public Scenario {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(profile, "profile");
        LinkProfile.requireTime("addressChangeEvery", addressChangeEvery);
    }

    /** A network that stays as it is. */
    public static Scenario of(String name, LinkProfile profile) {
        return new Scenario(name, profile, null, Duration.ZERO);
    }

    /** All constants. */
    public static List<Scenario> all() {
        return List.of(
                BOTTLENECK,
                HANDSHAKE_LOSS,
                TRANSFER_LOSS,
                HANDSHAKE_CORRUPTION,
                TRANSFER_CORRUPTION,
                BLACK_HOLE,
                LONG_ROUND_TRIP,
                ADDRESS_CHANGE,
                WIFI,
                G4,
                G3);
    }

    @Override
    public String toString() {
        return name;
    }
}
