package io.weir.core.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpuriousLossTest {

    private final SpuriousLoss doubt = new SpuriousLoss();

    @Test
    void nothingWasLostOnceAllHasArrived() {
        doubt.onLost();
        doubt.onLost();

        assertThat(doubt.onArrived()).isFalse();
        assertThat(doubt.onArrived()).isTrue();
    }

    @Test
    void onePacketThatNeverComesMakesTheEpisodeGenuine() {
        doubt.onLost();
        doubt.onLost();
        doubt.onForgotten();

        assertThat(doubt.onArrived()).isFalse();
    }

    @Test
    void aLossWhileOneIsOpenBelongsToItsEpisode() {
        doubt.onLost();
        doubt.onLost();
        doubt.onForgotten();
        doubt.onLost();

        assertThat(doubt.onArrived()).isFalse();
        assertThat(doubt.onArrived()).isFalse();
    }

    @Test
    void theNextEpisodeIsJudgedByItself() {
        doubt.onLost();
        doubt.onForgotten();
        doubt.onLost();

        assertThat(doubt.onArrived()).isTrue();
    }
}
