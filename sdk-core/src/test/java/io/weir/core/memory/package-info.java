@NullMarked
package io.weir.core.memory;

import org.jspecify.annotations.NullMarked;
