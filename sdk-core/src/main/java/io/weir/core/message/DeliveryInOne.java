package io.weir.core.message;

/** Of a message in one packet, as nearly all are: one object each. */
final class DeliveryInOne extends Delivery {

    private boolean here;
    private boolean lost;

    DeliveryInOne(SendLane lane, Outgoing message, long deadlineNanos) {
        super(lane, message, deadlineNanos);
    }

    @Override
    boolean noteHere(int packet) {
        here = true;
        return true;
    }

    @Override
    boolean noteLost(int packet) {
        boolean news = !here && !lost;
        lost |= news;
        return news;
    }

    @Override
    void clearLost(int packet) {
        lost = false;
    }

    @Override
    int firstLost() {
        return lost ? 0 : -1;
    }
}
