package io.weir.reactive.session.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlaceUsersTest {

    private static final class Place extends PlaceUsers {
        private int freed;

        @Override
        protected void onFree() {
            freed++;
        }

        @Override
        protected void onTimeout() {}

        @Override
        public void onLoop() {}

        @Override
        public void within(Runnable work) {
            work.run();
        }

        @Override
        public Object owner() {
            return this;
        }
    }

    private final Place place = new Place();

    @Test
    void isFreeWhenTheLastOfAllHasLeft() {
        assertThat(place.enter()).isTrue();
        assertThat(place.enter()).isTrue();
        place.leave();
        place.leave();
        assertThat(place.freed).isZero();
        place.leave();
        assertThat(place.freed).isEqualTo(1);
        assertThat(place.enter()).isFalse();
        assertThat(place.freed).isEqualTo(1);
    }

    @Test
    void nobodyEntersOneThatWasGivenBackBefore() {
        place.hasLeft();
        assertThat(place.enter()).isFalse();
        assertThat(place.freed).as("it was freed by who gave it back").isZero();
    }
}
