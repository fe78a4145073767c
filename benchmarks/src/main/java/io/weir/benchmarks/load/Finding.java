package io.weir.benchmarks.load;

/**
 * One figure of a load.
 *
 * @param load what was done
 * @param figure what is told of it
 * @param value with its unit
 * @param target what it should be; empty where there is none
 * @param met whether it is
 */
record Finding(String load, String figure, String value, String target, boolean met) {

    /** One that nothing is wanted of. */
    static Finding told(String load, String figure, String value) {
        return new Finding(load, figure, value, "", true);
    }

    String verdict() {
        return target.isEmpty() ? "" : met ? "met" : "missed";
    }
}
