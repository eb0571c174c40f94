/* Empty on purpose: SDKs of 2015 had moment.js here, and pages of that time still ask for it. Nothing uses it. */
