@NullMarked
package io.weir.test.probe;

import org.jspecify.annotations.NullMarked;
