// An operator's SMSC on 127.0.0.1, with its phones. A phone shows a long message once it is whole.
//
// Standard input, one JSON a line: {"id", "do": "sms" | "dial" | "type", "from", "text"}.
// Standard output, one JSON a line: {"event": "open" | "bound" | "unbound" | "sms" | "ussd" |
// "delivered" | "dropped" | "throttled", …}.
// An SMS that gets 0x64, or no answer, is brought again until it gets another one.
//
// Environment: PORT; SYSTEM_ID, PASSWORD; DLR=1 receipts; ECHO=1 each SMS comes back; DROP=n every
// nth submit_sm is carried out but not answered; THROTTLE=n every nth is refused as too many;
// SESSION_TAG the optional parameter for USSD's session ids; RECEIPT_IDS=decimal; ALPHABET.

const readline = require('readline');
const smpp = require('smpp');

const env = process.env;
const TO = '22345';
const AGAIN_AFTER = 300;
const ANSWER_WITHIN = 3000;
const tag = env.SESSION_TAG ? 'session_tag' : 'its_session_info';
if (env.SESSION_TAG) {
  smpp.addTLV(tag, { id: Number(env.SESSION_TAG), type: smpp.tlvs.its_session_info.type });
}

const say = (event, rest) => process.stdout.write(JSON.stringify({ event, ...rest }) + '\n');
let bound = null;
let submits = 0;
let references = 0;
const waiting = []; // deliver_sm for the next bind
const parts = new Map(); // phone and reference -> parts of a long message
const dialogues = new Map(); // phone -> session id of its USSD session

// What data_coding 0 means: GSM-7 (which this package calls ASCII), or ALPHABET=LATIN1.
const alphabet = env.ALPHABET || 'ASCII';
smpp.encodings.default = alphabet;
const isPlain = (text) => smpp.encodings[alphabet].match(text);

function deliver(fields, done) {
  const session = bound;
  if (!session) return waiting.push([fields, done]);
  let over = false;
  const finish = (status) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    session.removeListener('close', lost);
    if (status === 0x64 || status === null) {
      setTimeout(() => deliver({ ...fields }, done), AGAIN_AFTER);
    } else if (done) {
      done(status);
    }
  };
  const lost = () => finish(null);
  const timer = setTimeout(lost, ANSWER_WITHIN);
  session.once('close', lost);
  session.deliver_sm({ ...fields }, (answer) => finish(answer.command_status));
}

function sendSms({ id, from, text, to }) {
  const coding = isPlain(text) ? 0 : 8;
  const [single, part] = coding ? [70, 67] : [160, 153];
  const fields = {
    source_addr: from.replace('+', ''), source_addr_ton: 1, source_addr_npi: 1,
    destination_addr: to || TO, data_coding: coding,
  };
  if (text.length <= single) {
    return deliver({ ...fields, short_message: text }, (status) => say('delivered', { id, status }));
  }
  const reference = ++references % 256;
  const cuts = [''];
  for (const char of text) { // both halves of a pair together
    if ((cuts[cuts.length - 1] + char).length > part) cuts.push('');
    cuts[cuts.length - 1] += char;
  }
  const total = cuts.length;
  let left = total;
  for (let n = 1; n <= total; n++) {
    const message = cuts[n - 1];
    deliver(
      { ...fields, short_message: { udh: Buffer.from([5, 0, 3, reference, total, n]), message } },
      (status) => { if (--left === 0) say('delivered', { id, status }); },
    );
  }
}

function sendTurn({ id, from, text }, operation) {
  const before = dialogues.get(from);
  // As SMPP has it: the session's number, and a count of turns above a bit that ends the session.
  const session = operation === 1 || !before
    ? Buffer.from([Math.floor(Math.random() * 256), 0])
    : Buffer.from([before[0], env.SESSION_TAG ? before[1] : (before[1] + 2) % 256]);
  dialogues.set(from, session);
  deliver({
    service_type: 'USSD', source_addr: from.replace('+', ''), source_addr_ton: 1, source_addr_npi: 1,
    destination_addr: TO, data_coding: isPlain(text) ? 0 : 8, short_message: text,
    ussd_service_op: operation, [tag]: session,
  }, (status) => say('delivered', { id, status }));
}

function receive(pdu) {
  const to = '+' + pdu.destination_addr;
  const { message, udh } = pdu.short_message;
  if (pdu.ussd_service_op !== undefined) {
    const session = dialogues.get(to);
    const isRight = !!session && !!pdu[tag] && session.equals(pdu[tag]);
    return say('ussd', { to, text: message, operation: pdu.ussd_service_op, isRight });
  }
  const from = pdu.source_addr;
  if (!udh) return arrived({ to, from, text: message, parts: 1 });
  const [, , reference, total, number] = udh[0];
  const key = `${to} ${reference} ${total}`;
  const known = parts.get(key) || new Map();
  parts.set(key, known.set(number, message));
  if (known.size < total) return null;
  parts.delete(key);
  const text = Array.from({ length: total }, (_, n) => known.get(n + 1)).join('');
  return arrived({ to, from, text, parts: total });
}

function arrived(sms) {
  say('sms', sms);
  if (env.ECHO) sendSms({ id: `echo ${submits}`, from: sms.to, text: sms.text });
}

function submitted(session, pdu) {
  const n = ++submits;
  const id = (n + 0xa0).toString(16);
  if (env.THROTTLE && n % Number(env.THROTTLE) === 0) {
    say('throttled');
    return session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
  }
  const isDropped = env.DROP && n % Number(env.DROP) === 0;
  if (isDropped) say('dropped');
  else session.send(pdu.response({ message_id: id }));
  receive(pdu);
  if (env.DLR && pdu.registered_delivery & 1) {
    const named = env.RECEIPT_IDS === 'decimal' ? String(parseInt(id, 16)).padStart(10, '0') : id;
    deliver({
      source_addr: pdu.destination_addr, source_addr_ton: 1, source_addr_npi: 1,
      destination_addr: pdu.source_addr, esm_class: 4, data_coding: 0,
      short_message: `id:${named} sub:001 dlvrd:001 submit date:2601010000 done date:2601010001`
        + ' stat:DELIVRD err:000 text:',
      ...(env.RECEIPT_IDS === 'decimal' ? {} : { receipted_message_id: id, message_state: 2 }),
    });
  }
  return null;
}

smpp.createServer({}, (session) => {
  session.setMaxListeners(0);
  session.on('error', () => session.destroy());
  session.on('close', () => {
    if (bound !== session) return;
    bound = null;
    say('unbound');
  });
  session.on('bind_transceiver', (pdu) => {
    if (bound) return session.send(pdu.response({ command_status: smpp.ESME_RALYBND }));
    if (pdu.system_id !== (env.SYSTEM_ID || 'gw') || pdu.password !== (env.PASSWORD || 'pw')) {
      session.send(pdu.response({ command_status: smpp.ESME_RBINDFAIL }));
      return session.close();
    }
    bound = session;
    session.send(pdu.response({ system_id: 'smsc' }));
    say('bound');
    waiting.splice(0).forEach(([fields, done]) => deliver(fields, done));
    return null;
  });
  session.on('submit_sm', (pdu) => submitted(session, pdu));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
}).listen(Number(env.PORT), '127.0.0.1', () => say('open'));

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  if (order.do === 'sms') sendSms(order);
  if (order.do === 'dial') sendTurn(order, 1);
  if (order.do === 'type') sendTurn(order, 18);
}).on('close', () => process.exit(0));
