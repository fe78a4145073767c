package io.weir.spring.test;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Makes the application of a {@link WeirTest}. */
final class WeirTestContextBootstrapper extends TestSliceTestContextBootstrapper<WeirTest> {

    WeirTestContextBootstrapper() {}

    /** Those of the test, and that its node closes at once: virtual time stands still while a container stops. */
    @Override
    protected String @Nullable [] getProperties(Class<?> testClass) {
        String[] own = super.getProperties(testClass);
        return Stream.concat(Stream.of("weir.stop-grace=0s"), own == null ? Stream.empty() : Arrays.stream(own))
                .toArray(String[]::new);
    }
}
