package io.weir.test.assertj;

import io.weir.test.TestNodes;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on all nodes of a test. */
public final class TestNodesAssert extends AbstractAssert<TestNodesAssert, TestNodes> {

    TestNodesAssert(@Nullable TestNodes actual) {
        super(actual, TestNodesAssert.class);
    }

    /**
     * Closes the nodes, lets the time pass that this takes, and finds nothing left behind: no session, link, timer or
     * promised memory, and no event without its other half.
     */
    public TestNodesAssert hasNoLeaks() {
        isNotNull();
        List<String> leaks = actual.leaks();
        if (!leaks.isEmpty()) {
            failWithMessage("expected nothing to be left of the nodes, but %s\n%s", String.join("; ", leaks), actual);
        }
        return this;
    }
}
