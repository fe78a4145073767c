@NullMarked
package io.weir.test;

import org.jspecify.annotations.NullMarked;
