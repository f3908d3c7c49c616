// One picture through sharp: node avatar.js FROM TO. The format is that of TO's extension.
import sharp from 'sharp'

const [from, to] = process.argv.slice(2)
await sharp(from)
  .autoOrient()
  .resize(512, 512, { fit: 'cover', position: 'centre' })
  .jpeg({ quality: 92, force: false })
  .toFile(to)
