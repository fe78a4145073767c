package io.weir.reactive.session.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodePlacesTest {

    private final NodePlaces places = new NodePlaces(2);
    private final List<String> given = new ArrayList<>();

    private NodePlaces.Waiter waiter(String name) {
        return () -> given.add(name);
    }

    @Test
    void thereAreOnlySoMany() {
        assertThat(places.tryTake()).isTrue();
        assertThat(places.tryTake()).isTrue();
        assertThat(places.tryTake()).isFalse();
        places.release();
        assertThat(places.tryTake()).isTrue();
        assertThat(places.free()).isZero();
    }

    @Test
    void givesThoseThatWaitOneEachInOrder() {
        places.tryTake();
        places.tryTake();
        places.await(waiter("a"));
        places.await(waiter("b"));
        assertThat(given).isEmpty();
        places.release();
        assertThat(given).containsExactly("a");
        assertThat(places.tryTake()).as("nobody overtakes").isFalse();
        places.release();
        assertThat(given).containsExactly("a", "b");
        assertThat(places.free()).isZero();
    }

    @Test
    void whoComesWhileOneIsFreeGetsItAtOnce() {
        places.tryTake();
        places.await(waiter("a"));
        assertThat(given).containsExactly("a");
    }

    @Test
    void passesOverWhoIsGone() {
        places.tryTake();
        places.tryTake();
        places.await(() -> false);
        places.await(waiter("b"));
        places.release();
        assertThat(given).containsExactly("b");
    }

    @Test
    void whoForgetsToWaitIsGivenNothing() {
        places.tryTake();
        places.tryTake();
        NodePlaces.Waiter a = waiter("a");
        places.await(a);
        assertThat(places.forget(a)).isTrue();
        assertThat(places.forget(a)).isFalse();
        places.release();
        assertThat(given).isEmpty();
        assertThat(places.free()).isEqualTo(1);
    }

    @Test
    void grantsNoOwnPlacesWhileAsManyAreLeftBehindAsThereAreInAll() {
        places.leaveBehind(1);
        assertThat(places.grantsOwn()).isTrue();
        places.leaveBehind(2);
        assertThat(places.grantsOwn()).isFalse();
        Runnable forgotten = () -> given.add("forgotten");
        places.awaitOwn(() -> given.add("told"));
        places.awaitOwn(forgotten);
        places.forgetOwn(forgotten);

        places.releaseLeftBehind();
        assertThat(places.grantsOwn()).isFalse();
        assertThat(given).isEmpty();

        places.releaseLeftBehind();
        assertThat(places.grantsOwn()).isTrue();
        assertThat(given).containsExactly("told");
    }

    @Test
    void whoAwaitsOwnPlacesTooLateIsToldAtOnce() {
        places.awaitOwn(() -> given.add("told"));
        assertThat(given).containsExactly("told");
    }
}
