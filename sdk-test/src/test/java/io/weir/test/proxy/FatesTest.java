package io.weir.test.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.test.network.BurstLoss;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.Scenario;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class FatesTest {

    private static final LinkProfile BAD = LinkProfile.PERFECT
            .withLoss(0.1)
            .withCorruption(0.1)
            .withDuplication(0.1)
            .withReordering(0.1)
            .withBurst(BurstLoss.of(0.02, 3));

    private static List<Fate> fates(long seed, LinkProfile profile, int count) {
        Fates fates = new Fates(new SplittableRandom(seed));
        return Stream.generate(() -> fates.next(profile, 0.01)).limit(count).toList();
    }

    private static double share(List<Fate> fates, Predicate<Fate> what) {
        return fates.stream().filter(what).count() / (double) fates.size();
    }

    @Test
    void sameSeedDecidesTheSame() {
        assertThat(fates(3, BAD, 1_000)).isEqualTo(fates(3, BAD, 1_000)).isNotEqualTo(fates(4, BAD, 1_000));
    }

    @Test
    void profileOfEarlierPacketsDoesNotChangeTheDrawsOfLaterOnes() {
        Fates changed = new Fates(new SplittableRandom(3));
        for (int i = 0; i < 500; i++) {
            changed.next(LinkProfile.PERFECT, 0);
        }
        Fate same = fates(3, LinkProfile.PERFECT.withLoss(0.5), 501).get(500);
        Fate other = changed.next(LinkProfile.PERFECT.withLoss(0.5), 0.01);
        assertThat(other).isEqualTo(same);
    }

    @Test
    void figuresAreThoseOfTheProfile() {
        List<Fate> fates = fates(1, BAD, 100_000);
        assertThat(share(fates, f -> "burst".equals(f.lost())))
                .isCloseTo(BAD.burst().meanLoss(), within(0.01));
        List<Fate> rest = fates.stream().filter(f -> !"burst".equals(f.lost())).toList();
        assertThat(share(rest, f -> "loss".equals(f.lost()))).isCloseTo(0.1, within(0.01));
        List<Fate> arrived = rest.stream().filter(f -> f.lost() == null).toList();
        assertThat(share(arrived, Fate::damaged)).isCloseTo(0.1, within(0.01));
        assertThat(share(arrived, Fate::undetected)).isCloseTo(0.01, within(0.003));
        assertThat(share(fates, Fate::duplicated)).isCloseTo(0.1, within(0.01));
        assertThat(share(fates, f -> f.heldBack() > 0)).isCloseTo(0.1, within(0.01));
        assertThat(fates).allSatisfy(f -> assertThat(f.bitOf(800)).isBetween(0, 799));
    }

    @Test
    void longestRunIsKept() {
        List<Fate> fates = fates(1, Scenario.HANDSHAKE_LOSS.profile().withLoss(0.9), 10_000);
        int longest = 0;
        int run = 0;
        for (Fate fate : fates) {
            run = fate.lost() != null ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        assertThat(longest).isEqualTo(3);
    }

    @Test
    void perfectProfileHarmsNothing() {
        Fates fates = new Fates(new SplittableRandom(1));
        for (int i = 1; i <= 1_000; i++) {
            assertThat(fates.next(LinkProfile.PERFECT, 0)).hasToString(i + " passes");
        }
    }
}
