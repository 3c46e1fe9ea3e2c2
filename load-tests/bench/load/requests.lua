-- Sends the requests of a file, over and over: a line each, as method, path, token and body, divided by tabs. Those with a
-- body get a fresh idempotency key; their text is made ahead but for that, so that asking costs little.
local directory = debug.getinfo(1, 'S').source:sub(2):match('(.*/)') or ''
dofile(directory .. 'report.lua')

local mark = 'KEY-OF-THIS-REQUEST'
local heads, tails = {}, {}
local sent = 0
local run

function init(args)
  run = args[2]
  for line in io.lines(args[1]) do
    local method, path, token, body = line:match('^(.-)\t(.-)\t(.-)\t(.*)$')
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    if token ~= '' then headers['authorization'] = 'Bearer ' .. token end
    if body ~= '' then
      headers['content-type'] = 'application/json'
      headers['idempotency-key'] = mark
    else
      body = nil
    end
    local text = wrk.format(method, path, headers, body)
    local from, to = text:find(mark, 1, true)
    heads[#heads + 1] = from and text:sub(1, from - 1) or text
    tails[#tails + 1] = from and text:sub(to + 1) or false
  end
end

function request()
  sent = sent + 1
  local index = (sent - 1) % #heads + 1
  local tail = tails[index]
  return tail and heads[index] .. run .. '-' .. sent .. tail or heads[index]
end
