@NullMarked
package io.weir.test.simulation;

import org.jspecify.annotations.NullMarked;
