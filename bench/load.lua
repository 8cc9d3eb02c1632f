-- Sends the requests of a file in turn, and says what came of it as one line of JSON.
-- The file: a count; then for each request its method, its path, and lines of headers up to an
-- empty one. With ONCE, each is sent once, and then it is over.

local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long ns; } moment; int clock_gettime(int, moment *);")

local requests, next_one, answered = {}, 0, 0
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(arguments)
   once = arguments[2] == "once"
   refused = 0
   local file = assert(io.open(arguments[1]))
   file:read("*l")
   while true do
      local method = file:read("*l")
      if not method then break end
      local path = file:read("*l")
      local headers = {}
      for line in file:lines() do
         if line == "" then break end
         local name, value = line:match("^([^:]+): (.*)$")
         headers[name] = value
      end
      table.insert(requests, wrk.format(method, path, headers))
   end
   file:close()
end

local function now()
   local moment = ffi.new("moment")
   ffi.C.clock_gettime(1, moment)
   return tonumber(moment.s) + tonumber(moment.ns) / 1e9
end

function request()
   began = began or now()
   next_one = next_one % #requests + 1
   return requests[next_one]
end

function response(status)
   if status >= 300 then refused = refused + 1 end
   answered = answered + 1
   ended = now()
   if once and answered >= #requests then wrk.thread:stop() end
end

function done(summary, latency)
   -- There is one thread. wrk itself goes on for its time, also where nothing is left to send.
   local refused = threads[1]:get("refused")
   local seconds = threads[1]:get("ended") - threads[1]:get("began")
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
      summary.requests, seconds, refused,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
