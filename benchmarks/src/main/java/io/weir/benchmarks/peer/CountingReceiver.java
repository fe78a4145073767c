package io.weir.benchmarks.peer;

/** For peers that tell no more of an element than what is counted; it is in these fields meanwhile. The thread of the stream. */
public final class CountingReceiver extends BoundedReceiver<CountingReceiver> {
    private final ElementCounter counter;
    private int length;
    private byte first;
    private byte last;

    /** A receiver that counts there. */
    public CountingReceiver(Reception reception, ElementCounter counter) {
        super(reception);
        this.counter = counter;
    }

    /** Counts an element by its length and its first and last byte, and asks for more as others do. */
    public void onNext(int elementBytes, byte firstByte, byte lastByte) {
        length = elementBytes;
        first = firstByte;
        last = lastByte;
        onNext(this);
    }

    @Override
    protected void take(CountingReceiver element) {
        counter.count(length, first, last);
    }
}
