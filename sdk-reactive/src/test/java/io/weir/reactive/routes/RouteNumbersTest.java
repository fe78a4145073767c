package io.weir.reactive.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.Target;
import io.weir.reactive.NoTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RouteNumbersTest {

    private final RouteNumbers numbers = new RouteNumbers();
    private final Random random = new Random(7);

    @Test
    void increaseAndStayWithTheirPeers() {
        PeerId first = peer();
        assertThat(numbers.next()).isEqualTo(new Target(0));
        assertThat(numbers.route(first).target()).isEqualTo(new Target(0));
        assertThat(numbers.route(peer()).target()).isEqualTo(new Target(1));
        assertThat(numbers.route(first).target()).isEqualTo(new Target(0));
        assertThat(numbers.next()).isEqualTo(new Target(2));
    }

    @Test
    void areNotGivenAgainBeforeAllOthersWere() {
        numbers.route(peer()).keep();
        numbers.remove(new Target(0));

        assertThat(numbers.next()).isEqualTo(new Target(1));
        assertThat(numbers.get(new Target(0))).isNull();
        assertThat(numbers.remove(new Target(0))).isNull();
    }

    @Test
    void beginAgainAndLeaveOutThoseInUse() {
        List<Route> all = new ArrayList<>();
        for (int i = 0; i < Target.COUNT; i++) {
            Route route = numbers.route(peer());
            route.keep();
            all.add(route);
        }
        assertThat(all).extracting(route -> route.target().number()).doesNotHaveDuplicates();
        assertThatThrownBy(numbers::next).isInstanceOf(NoTargetException.class);
        assertThatThrownBy(() -> numbers.route(peer()))
                .isInstanceOf(NoTargetException.class)
                .hasMessage("all 65536 targets are taken");

        numbers.remove(new Target(40_000));

        assertThat(numbers.next()).isEqualTo(new Target(40_000));
        assertThat(numbers.route(peer()).target()).isEqualTo(new Target(40_000));
    }

    @Test
    void whereAllAreTakenOneOfAPeerThatIsGoneIsGivenAnew() {
        PeerId gone = peer();
        for (int i = 0; i < Target.COUNT; i++) {
            if (i == 123) {
                numbers.route(gone);
            } else {
                numbers.route(peer()).keep();
            }
        }
        PeerId newcomer = peer();

        assertThat(numbers.route(newcomer).target()).isEqualTo(new Target(123));
        assertThat(numbers.get(gone)).isNull();
        assertThat(numbers.get(new Target(123))).isSameAs(numbers.get(newcomer));
    }

    @Test
    void aNumberPassesFromAPeerToOneOfTheSameHashCode() {
        byte[] key = new byte[32];
        key[30] = 40;
        key[31] = 50;
        PeerId gone = PeerId.of(key);
        key[30] = 41;
        key[31] = 50 - 31;
        PeerId newcomer = PeerId.of(key);
        assertThat(newcomer).hasSameHashCodeAs(gone).isNotEqualTo(gone);
        numbers.route(gone);
        for (int i = 1; i < Target.COUNT; i++) {
            numbers.route(peer()).keep();
        }

        Route made = numbers.route(newcomer);

        assertThat(made.target()).isEqualTo(new Target(0));
        assertThat(numbers.get(newcomer)).isSameAs(made);
        assertThat(numbers.get(gone)).isNull();
    }

    private PeerId peer() {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return PeerId.of(key);
    }
}
